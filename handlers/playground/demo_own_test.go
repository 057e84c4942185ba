package playground_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tsunagi/handlers/playground"
)

// ownDesk plays a desk.yaml that somebody is writing: both sides are there, with people of no city in particular, the
// managers of the profile, and a colleague in each department; and no stories.
func ownDesk(t *testing.T, program string) {
	whole, err := os.ReadFile("../../config/profiles/kishiwada.yaml")
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "desk.yaml")
	content := strings.ReplaceAll(string(whole), "岸和田市", "見本市")
	if err := os.WriteFile(own, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	d := demo(t, program, "--profile", own)
	s := d.until(func(s snapshot) bool { return len(s.People) > 0 && len(s.Staff) > 0 })
	if len(s.Stories) != 0 {
		t.Errorf("there are %d stories, all of other cities", len(s.Stories))
	}
	colleague := false
	for _, m := range s.Staff {
		colleague = colleague || m.Name == "福祉政策課の職員"
	}
	if !colleague {
		t.Errorf("nobody is in the welfare department: %+v", s.Staff)
	}
	sato := s.People[0].ID
	d.post("line", playground.LineDo{Person: sato, Do: "follow"})
	d.until(func(s snapshot) bool { return strings.Contains(s.text(sato), "見本市") })
}
