package linesim

import "strings"

// content is a file that a person sent.
type content struct {
	mediaType string
	data      []byte
	slow      bool // video and audio are prepared first
	wait      int  // how often the bot is told to wait
	gone      bool
}

// content hands out a file. 202 means that it is not ready.
// https://developers.line.biz/en/reference/messaging-api/#get-content
func (c *call) content() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, no := c.file()
	if no != nil {
		return *no
	}
	if f.slow && f.wait != 0 {
		f.wait = max(f.wait-1, -1)
		return answer{status: 202}
	}
	return answer{status: 200, body: f.data, contentType: f.mediaType}
}

// file finds the content a call is about. The lock is held.
func (c *call) file() (*content, *answer) {
	f := c.contents[c.r.PathValue("message")]
	if f == nil {
		no := refuse(404, "Not found")
		return nil, &no
	}
	if f.gone {
		no := refuse(410, "Gone")
		return nil, &no
	}
	return f, nil
}

// preview is the picture itself: nothing is made smaller here.
// https://developers.line.biz/en/reference/messaging-api/#get-image-or-video-preview
func (c *call) preview() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, no := c.file()
	switch {
	case no != nil:
		return *no
	case strings.HasPrefix(f.mediaType, "image/"):
		return answer{status: 200, body: f.data, contentType: f.mediaType}
	case strings.HasPrefix(f.mediaType, "video/"):
		return answer{status: 200, contentType: "image/jpeg"}
	}
	return refuse(404, "Not found")
}

// https://developers.line.biz/en/reference/messaging-api/#verify-video-or-audio-preparation-status
func (c *call) transcoding() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, no := c.file()
	if no != nil {
		return *no
	}
	status := "succeeded"
	switch {
	case !f.slow:
		return refuse(404, "Not found")
	case f.wait > 0:
		status = "processing"
	case f.wait < 0:
		status = "failed"
	}
	return reply200(map[string]string{"status": status})
}

// SetTranscoding says how often the bot is told to wait for the videos and voice messages that are sent from now on;
// below 0 they never become ready.
func (s *Sim) SetTranscoding(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Transcoding = n
}

// ExpireContent deletes a file, as LINE does after a time it does not tell.
func (s *Sim) ExpireContent(messageID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.contents[messageID]; f != nil {
		f.gone, f.data = true, nil
	}
}

// Content gives a file that a person sent, for whoever draws the phone.
func (s *Sim) Content(messageID string) (mediaType string, data []byte, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.contents[messageID]
	if f == nil || f.gone {
		return "", nil, false
	}
	return f.mediaType, f.data, true
}
