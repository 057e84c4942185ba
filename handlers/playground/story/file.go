package story

import (
	"bytes"
	"context"
	"path"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"tsunagi/handlers/line/linesim"
)

// sampleSize is how large a file is that a story says nothing about.
const sampleSize = 40 << 10

func (p *Player) sendFile(ctx context.Context, s Step) error { return p.sendFileOf(ctx, s, sampleSize) }

func (p *Player) sendFileOf(ctx context.Context, s Step, size int) error {
	name := s.args["file"]
	media, content := sample(name, size)
	return p.onPhone(func(who linesim.Person, ctx context.Context) (linesim.Receipt, error) {
		if strings.HasPrefix(media, "image/") {
			return who.SendImage(ctx, media, content)
		}
		return who.SendFile(ctx, name, media, content)
	})(ctx, s)
}

// sample makes a file of the type that its name promises, by the bytes such files begin with.
func sample(name string, size int) (media string, content []byte) {
	head := map[string][2]string{
		".pdf":  {"application/pdf", "%PDF-1.7\n"},
		".png":  {"image/png", "\x89PNG\r\n\x1a\n"},
		".jpg":  {"image/jpeg", "\xff\xd8\xff\xe0"},
		".jpeg": {"image/jpeg", "\xff\xd8\xff\xe0"},
		".docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK\x03\x04"},
		".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04"},
		".pptx": {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "PK\x03\x04"},
		".zip":  {"application/zip", "PK\x03\x04"},
	}[strings.ToLower(path.Ext(name))]
	if head[0] == "" {
		head = [2]string{"application/octet-stream", "\x00"}
	}
	rest := max(0, size-len(head[1]))
	return head[0], append([]byte(head[1]), bytes.Repeat([]byte{' '}, rest)...)
}

// number reads digits of any width; sentences let nothing else through.
func number(s string) int {
	n, _ := strconv.Atoi(width.Narrow.String(s))
	return n
}

func digits(n int) string { return strconv.Itoa(n) }
