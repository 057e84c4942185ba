package playground

import "encoding/json"

// The sections of what there is to see, by the name under which a backend puts them into the Feed, with the type of
// each. LINE messages, Slack blocks and views stay the raw JSON that went over the wire.
const (
	SectionDesk       = "desk"           // Desk
	SectionPeople     = "people"         // []Person
	SectionChats      = "chats"          // map[person id][]ChatEntry
	SectionRichMenu   = "richMenu"       // *RichMenu
	SectionLoading    = "loading"        // map[person id]bool
	SectionStaff      = "staff"          // []Staff
	SectionChannels   = "channels"       // []Channel
	SectionMessages   = "messages"       // map[channel id][]Message
	SectionViews      = "views"          // map[user id][]json.RawMessage, last is on top; each with "id" and "errors" by block_id
	SectionHome       = "home"           // map[user id]json.RawMessage
	SectionDeliveries = "deliveries"     // []Delivery, the newest
	SectionCounts     = "deliveryCounts" // map[state]int, of all deliveries
	SectionProposals  = "proposals"      // []Proposal
	SectionClock      = "clock"          // Clock
	SectionFaults     = "faults"         // []Fault
	SectionStories    = "stories"        // []Story
	SectionLinks      = "links"          // map[string]string
)

// Desk names the desk as the page shows it: the account's name, the app's name in Slack, the workspace, the command.
type Desk struct {
	Name      string `json:"name"`
	Bot       string `json:"bot"`
	Workspace string `json:"workspace"`
	Command   string `json:"command"`
}

// Person is someone with a phone. Friend is false until the account is followed.
type Person struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Organization string `json:"organization,omitempty"`
	Friend       bool   `json:"friend"`
	Blocked      bool   `json:"blocked"`
}

// ChatEntry is one line of a talk. Message is raw LINE JSON: what the desk sent, or the message object of the person's
// webhook, whose id unsend needs. Text is what a postback showed; an entry with a Note alone is a line of the phone's own,
// which the page words by its texts note.*.
type ChatEntry struct {
	Seq     int64           `json:"seq"`
	At      string          `json:"at"`
	From    string          `json:"from"` // person or desk
	Message json.RawMessage `json:"message"`
	Text    *string         `json:"text,omitempty"`
	File    *FileInfo       `json:"file,omitempty"`
	Unsent  bool            `json:"unsent,omitempty"`
	Note    string          `json:"note,omitempty"`
}

// FileInfo describes a file without its content.
type FileInfo struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Size int64  `json:"size,omitempty"`
}

// RichMenu is the menu below the talk: raw areas, the size their bounds refer to, and its image on this host, if any.
type RichMenu struct {
	Size        json.RawMessage `json:"size,omitempty"`
	ChatBarText string          `json:"chatBarText,omitempty"`
	Areas       json.RawMessage `json:"areas"`
	ImageURL    string          `json:"image_url,omitempty"`
}

// Staff is someone in the workspace, with a word on who they are.
type Staff struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

// Channel is a channel and who is in it, or somebody's Direct messages with the app. The page counts unread messages
// itself, for each member.
type Channel struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Topic   string   `json:"topic,omitempty"`
	Members []string `json:"members"`
	Direct  bool     `json:"direct,omitempty"`
}

// Message is one Slack message, oldest first in its channel; an answer in a thread carries the thread's ts.
type Message struct {
	TS           string          `json:"ts"`
	ThreadTS     string          `json:"thread_ts,omitempty"`
	User         string          `json:"user,omitempty"`
	Bot          string          `json:"bot,omitempty"`
	Text         string          `json:"text,omitempty"`
	Blocks       json.RawMessage `json:"blocks,omitempty"`
	Edited       bool            `json:"edited,omitempty"`
	Deleted      bool            `json:"deleted,omitempty"`
	Files        []SlackFile     `json:"files,omitempty"`
	EphemeralFor string          `json:"ephemeral_for,omitempty"`
}

// SlackFile describes a file shared in Slack; one that was deleted is only Gone.
type SlackFile struct {
	Name     string `json:"name"`
	MimeType string `json:"mimetype,omitempty"`
	Size     int64  `json:"size,omitempty"`
	Gone     bool   `json:"gone,omitempty"`
}

// Delivery is one message that must reach LINE or Slack, as the outbox knows it. State is pending, sent, dropped or dead,
// or leased for a pending one that is under way. At is RFC 3339.
type Delivery struct {
	ID    string `json:"id"`
	Lane  string `json:"lane"`
	Kind  string `json:"kind"`
	State string `json:"state"`
	Tries int    `json:"tries"`
	At    string `json:"at"`
	Error string `json:"error,omitempty"`
}

// Proposal is one proposal in short. Owner is a staff id; NextDate is a date or a time in RFC 3339.
type Proposal struct {
	Number     string `json:"number"`
	Title      string `json:"title"`
	State      string `json:"state"`
	StateLabel string `json:"state_label"`
	Owner      string `json:"owner,omitempty"`
	NextDate   string `json:"next_date,omitempty"`
}

// Clock is the desk's time and how far it has been moved.
type Clock struct {
	Now           string `json:"now"`
	OffsetSeconds int64  `json:"offset_seconds"`
}

// Fault is one way to break the network, which the page words by its texts fault.*. One that happens Once is a button, any
// other a switch.
type Fault struct {
	ID   string `json:"id"`
	On   bool   `json:"on"`
	Once bool   `json:"once,omitempty"`
}

// Story is a talk that can be played. Step is how many steps are behind; Failed says what went wrong, if anything.
type Story struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Step   int      `json:"step"`
	Steps  []string `json:"steps"`
	Done   bool     `json:"done"`
	Failed string   `json:"failed,omitempty"`
}
