package bot

import (
	"fmt"
	"strconv"
	"strings"
)

// Receipt is the pattern of receipt numbers (受付番号), for example "K{fy}-{seq:4}".
type Receipt string

// Number fills the pattern for a fiscal year and a running number.
func (r Receipt) Number(fiscalYear, seq int) string {
	out := strings.ReplaceAll(string(r), "{fy}", strconv.Itoa(fiscalYear))
	before, rest, ok := strings.Cut(out, "{seq:")
	if !ok {
		return strings.ReplaceAll(out, "{seq}", strconv.Itoa(seq))
	}
	width, after, _ := strings.Cut(rest, "}")
	n, _ := strconv.Atoi(width)
	return fmt.Sprintf("%s%0*d%s", before, n, seq, after)
}
