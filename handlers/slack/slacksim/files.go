package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// File is a file that was shared.
type File struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`
	Type  string `json:"mimetype"`
	Size  int    `json:"size"`
	User  string `json:"user"`
	Gone  bool   `json:"deleted,omitempty"`
}

type file struct {
	File
	content  []byte
	uploaded bool
	done     bool                // files.completeUploadExternal was called
	shares   map[string][]string // channel to message timestamps
}

func (s *Sim) filesGetUploadURL(c *call) (object, *refusal) {
	name, err := c.required("filename")
	if err != nil {
		return nil, err
	}
	size, bad := strconv.Atoi(c.arg("length"))
	if bad != nil || size <= 0 {
		return nil, refuse("invalid_arguments", "[ERROR] must be greater than 0 [json-pointer:/length]")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &file{shares: map[string][]string{}, File: File{
		ID: s.id("F"), Name: name, Title: name, Size: size, User: s.cfg.BotUserID, Type: mimeOf(name),
	}}
	ticket := s.id("u")
	s.files[f.ID], s.uploads[ticket] = f, f.ID
	return object{"upload_url": c.base + "/upload/v1/" + ticket, "file_id": f.ID}, nil
}

func mimeOf(name string) string {
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// serveUpload takes the bytes of a file: as multipart field "file", or bare.
func (s *Sim) serveUpload(w http.ResponseWriter, r *http.Request) {
	fault := s.takeFault("upload", "")
	if fault.before() {
		s.note(Entry{Kind: Called, Method: "upload", Fault: string(fault.Kind)})
		s.misbehave(w, r, fault)
		return
	}
	content, err := readUpload(r)
	if err != nil {
		http.Error(w, "bad upload", http.StatusBadRequest)
		return
	}
	id, ok := s.store(r.PathValue("ticket"), content)
	e := Entry{Kind: Called, Method: "upload", File: id}
	if !ok {
		e.Error = "length does not match"
	}
	if fault != nil {
		e.Fault = string(fault.Kind)
		s.note(e)
		s.misbehave(w, r, fault)
		return
	}
	s.note(e)
	if !ok {
		http.Error(w, "length does not match", http.StatusBadRequest)
		return
	}
	_, _ = fmt.Fprintf(w, "OK - %d", len(content)) // the client may be gone
}

// maxUpload is far above what a desk hands on; Slack itself takes 1 GB.
const maxUpload = 256 << 20

func readUpload(r *http.Request) ([]byte, error) {
	body := io.Reader(io.LimitReader(r.Body, maxUpload))
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		parts, err := r.MultipartReader()
		if err != nil {
			return nil, fmt.Errorf("read an upload: %w", err)
		}
		for {
			part, err := parts.NextPart()
			if err != nil {
				return nil, fmt.Errorf("find the file of an upload: %w", err)
			}
			if part.FormName() == "file" || part.FormName() == "filename" {
				body = part
				break
			}
		}
	}
	return io.ReadAll(body)
}

func (s *Sim) store(ticket string, content []byte) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[s.uploads[ticket]]
	if f == nil || len(content) != f.Size {
		return "", false
	}
	f.content, f.uploaded = content, true
	return f.ID, true
}

func (s *Sim) filesComplete(c *call) (object, *refusal) {
	var wanted []struct{ ID, Title string }
	if json.Unmarshal([]byte(c.arg("files")), &wanted) != nil || len(wanted) == 0 {
		return nil, refuse("invalid_arguments", "[ERROR] must provide an array [json-pointer:/files]")
	}
	var d draft
	d.text = c.arg("initial_comment")
	if err := d.setBlocks(s, c.arg("blocks")); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rooms, thread, err := s.shareTargets(c)
	if err != nil {
		return nil, err
	}
	var done []*file
	for _, w := range wanted {
		f := s.files[w.ID]
		if f == nil || !f.uploaded || f.done {
			return nil, refuse("file_not_found")
		}
		if w.Title != "" {
			f.Title = w.Title
		}
		done = append(done, f)
	}
	return object{"files": s.share(done, rooms, thread, d)}, nil
}

// shareTargets are the channels that the files go to; without any they stay private.
func (s *Sim) shareTargets(c *call) (rooms []*channel, thread string, err *refusal) {
	ids := strings.FieldsFunc(c.arg("channels"), func(r rune) bool { return r == ',' })
	if id := c.arg("channel_id"); id != "" {
		ids = append(ids, id)
	}
	for _, id := range ids {
		ch, err := s.postable(id)
		if err != nil {
			return nil, "", err
		}
		if !ch.members[s.cfg.BotUserID] {
			return nil, "", refuse("not_in_channel")
		}
		rooms = append(rooms, ch)
	}
	if ts := c.arg("thread_ts"); ts != "" && len(rooms) > 0 {
		thread, err = s.threadOf(rooms[0], ts)
	}
	return rooms, thread, err
}

func (s *Sim) share(done []*file, rooms []*channel, thread string, d draft) []object {
	var files []File
	for _, f := range done {
		f.done = true
		files = append(files, f.File)
	}
	for _, ch := range rooms {
		m := &Message{
			Channel: ch.id, TS: s.stamp(), ThreadTS: thread, User: s.cfg.BotUserID, BotID: s.cfg.BotID,
			Subtype: "file_share", Blocks: d.blocks, Files: files,
		}
		m.setText(d.text)
		m.Mentions = FindMentions(m.Text, m.Blocks, nil)
		ch.put(m)
		s.noteShare(ch, m, done)
		s.spawnEvent(s.messageEvent(ch, m))
	}
	return s.fileObjects(files)
}

func (s *Sim) noteShare(ch *channel, m *Message, shared []*file) {
	s.noteMessage(Posted, m, s.notified(ch, m.Mentions, m.User))
	for _, f := range shared {
		f.shares[ch.id] = append(f.shares[ch.id], m.TS)
		s.note(Entry{Kind: FileShared, User: m.User, Channel: ch.id, TS: m.TS, ThreadTS: m.ThreadTS, File: f.ID, Text: f.Name})
	}
}

// fileObjects are files as apps read them; the caller holds the lock.
func (s *Sim) fileObjects(files []File) []object {
	var list []object
	for _, f := range files {
		if kept := s.files[f.ID]; kept != nil {
			list = append(list, s.fileObject(kept))
		} else {
			list = append(list, object{"id": f.ID, "mode": "tombstone"})
		}
	}
	return list
}

func (s *Sim) fileObject(f *file) object {
	private := s.cfg.BaseURL + "/files-pri/" + s.cfg.TeamID + "-" + f.ID + "/" + url.PathEscape(f.Name)
	public := map[string][]object{}
	for ch, stamps := range f.shares {
		for _, ts := range stamps {
			public[ch] = append(public[ch], object{"ts": ts})
		}
	}
	return object{
		"id": f.ID, "name": f.Name, "title": f.Title, "mimetype": f.Type, "size": f.Size, "user": f.User,
		"filetype": strings.TrimPrefix(path.Ext(f.Name), "."), "mode": "hosted", "is_external": false,
		"url_private": private, "url_private_download": private,
		"channels": slices.Sorted(maps.Keys(f.shares)), "shares": object{"public": public},
		"permalink": "https://" + s.cfg.TeamDomain + ".slack.com/files/" + f.User + "/" + f.ID,
	}
}

func (s *Sim) filesInfo(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[c.arg("file")]
	if f == nil {
		return nil, refuse("file_not_found")
	}
	return object{"file": s.fileObject(f), "comments": []object{}}, nil
}

// filesDelete is https://docs.slack.dev/reference/methods/files.delete: the messages that shared the file stay, with a
// tombstone in its place.
func (s *Sim) filesDelete(c *call) (object, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := c.arg("file")
	f := s.files[id]
	switch {
	case s.deleted[id]:
		return nil, refuse("file_deleted")
	case f == nil:
		return nil, refuse("file_not_found")
	case f.User != s.cfg.BotUserID:
		return nil, refuse("cant_delete_file")
	}
	delete(s.files, id)
	s.deleted[id] = true
	for id, stamps := range f.shares {
		s.markGone(s.channels[id], stamps, f.ID)
	}
	s.note(Entry{Kind: FileDeleted, User: s.cfg.BotUserID, File: f.ID, Text: f.Name})
	return object{}, nil
}

func (s *Sim) markGone(ch *channel, stamps []string, id string) {
	for _, ts := range stamps {
		m := ch.byTS[ts]
		if m == nil {
			continue
		}
		m.Files = slices.Clone(m.Files)
		for i := range m.Files {
			m.Files[i].Gone = m.Files[i].Gone || m.Files[i].ID == id
		}
	}
}

// serveFile gives the bytes of a file to whoever has the bot's token.
func (s *Sim) serveFile(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+s.cfg.BotToken || !s.scoped("files:read") {
		http.Error(w, "sign in to see this file", http.StatusForbidden)
		return
	}
	content, kind, ok := s.FileContent(strings.TrimPrefix(r.PathValue("file"), s.cfg.TeamID+"-"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(content) // the client may be gone
}

// FileContent returns the bytes of a file and their type, as a person who opens it would get them.
func (s *Sim) FileContent(id string) (content []byte, mimeType string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[id]
	if f == nil || !f.uploaded {
		return nil, "", false
	}
	return f.content, f.Type, true
}

// Attach uploads a file as the person, with a comment, and tells the app. It returns the message's ts.
func (s *Sim) Attach(ctx context.Context, userID, channelID, threadTS, name, comment string, content []byte) (string, error) {
	s.mu.Lock()
	f := &file{content: content, uploaded: true, done: true, shares: map[string][]string{}, File: File{
		ID: s.id("F"), Name: name, Title: name, Size: len(content), User: userID, Type: mimeOf(name),
	}}
	s.files[f.ID] = f
	s.mu.Unlock()
	m, events, err := s.say(userID, channelID, threadTS, comment, []File{f.File})
	s.mu.Lock()
	if err != nil {
		delete(s.files, f.ID)
		s.mu.Unlock()
		return "", fmt.Errorf("%s attaches %s in %s: %w", userID, name, channelID, err)
	}
	f.shares[m.Channel] = append(f.shares[m.Channel], m.TS)
	s.note(Entry{Kind: FileShared, User: userID, Channel: m.Channel, TS: m.TS, ThreadTS: m.ThreadTS, File: f.ID, Text: name})
	s.mu.Unlock()
	s.deliver(ctx, events...)
	return m.TS, nil
}
