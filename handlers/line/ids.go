package line

import "strings"

// The SDK puts ids into addresses as they are, so that a forged one would call another endpoint. Nothing is used as an
// id that does not look like one. https://developers.line.biz/en/docs/messaging-api/getting-user-ids/

func isUser(id string) bool  { return isID(id, 'U') }
func isGroup(id string) bool { return isID(id, 'C') }
func isRoom(id string) bool  { return isID(id, 'R') }

func isID(id string, kind byte) bool {
	return len(id) == 33 && id[0] == kind && strings.Trim(id[1:], "0123456789abcdef") == ""
}

func isMessage(id string) bool {
	return id != "" && len(id) <= 32 && strings.Trim(id, "0123456789") == ""
}

// isEvent allows for more than today's ULIDs, but for nothing that needs care in a log or a table.
func isEvent(id string) bool { return isPlain(id, 64) }

func isReplyToken(token string) bool { return isPlain(token, 256) }

func isMenu(id string) bool {
	return strings.HasPrefix(id, "richmenu-") && isPlain(id, 64)
}

func isPlain(s string, longest int) bool {
	if s == "" || len(s) > longest {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}
