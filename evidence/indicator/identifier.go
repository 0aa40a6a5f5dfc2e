package indicator

import (
	"bytes"
	"strings"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/form"
)

// cve takes CVE-year-number, also with the dashes that word processors put
// there; the word is its first three letters.
func (s *scanner) cve(w word) {
	rest := w.v.b[w.to:min(len(w.v.b), w.to+16)]
	if len(rest) < 10 || !dash(rest[0]) || !dash(rest[5]) || rest[1] != '1' && rest[1] != '2' {
		return
	}
	end := 6
	for end < len(rest) && char.Digit(rest[end]) {
		end++
	}
	for _, c := range rest[1:5] {
		if !char.Digit(c) {
			return
		}
	}
	if end-6 < 4 || end-6 > 7 || end < len(rest) && char.Alnum(rest[end]) {
		return
	}
	s.emit(w.v, CVE, "CVE-"+string(rest[1:5])+"-"+string(rest[6:end]), w.from, w.to+end, nil)
}

func dash(c byte) bool { return c == '-' || c == char.Hyphen }

// technique takes the number of a technique of ATT&CK or of a tactic; in a URL
// a sub-technique is written with a slash.
func (s *scanner) technique(w word) bool {
	t := w.text()
	if l, r := w.left(), w.right(); l == '-' || l == '_' || l == '#' || r == '-' || r == '_' || l == '+' {
		return false
	}
	if len(t) == 6 && bytes.HasPrefix(t, []byte("TA00")) && char.Digit(t[4]) && char.Digit(t[5]) {
		s.emit(w.v, Attack, string(t), w.from, w.to, nil)
		return true
	}
	if !isTechnique(t) {
		return false
	}
	value, to := string(t), w.to
	if rest := w.v.b[w.to:]; w.v.inURL && len(rest) >= 4 && rest[0] == '/' && char.Digit(rest[1]) && char.Digit(rest[2]) && char.Digit(rest[3]) {
		value, to = value+"."+string(rest[1:4]), w.to+4
	}
	s.emit(w.v, Attack, value, w.from, to, nil)
	return true
}

func isTechnique(t []byte) bool {
	return len(t) == 5 && t[0] == 'T' && t[1] == '1' && t[2] >= '0' && t[2] <= '6' && char.Digit(t[3]) && char.Digit(t[4]) && string(t) != "T1000"
}

// subTechnique takes T1059.001.
func (s *scanner) subTechnique(w word) bool {
	t := w.text()
	if len(t) != 9 || t[5] != '.' || !isTechnique(t[:5]) || !char.Digit(t[6]) || !char.Digit(t[7]) || !char.Digit(t[8]) {
		return false
	}
	s.emit(w.v, Attack, string(t), w.from, w.to, nil)
	return true
}

// registry takes a path of the Windows registry. Its keys may hold blanks:
// words go on as long as one of them has another backslash.
func (s *scanner) registry(v *view, from, to int) bool {
	b := v.b
	start, length, hive := -1, 0, ""
	for i := max(from, v.covered); i < to && start < 0; i++ {
		if b[i]|0x20 != 'h' || i > from && char.Alnum(b[i-1]) {
			continue
		}
		if hive, length = form.Hive(b[i:to]); length > 0 {
			start = i
		}
	}
	if start < 0 {
		return false
	}
	end := s.keysEnd(b, start, to)
	if v.json {
		end = singleBackslash(b, start+length, end)
	}
	for end > start && !char.Alnum(b[end-1]) && b[end-1] != '}' && b[end-1] < 0x80 {
		end--
	}
	if end-start <= length+1 || end-start > MaxLength || !readable(b[start:end]) {
		return false
	}
	path := strings.ReplaceAll(string(b[start+length:end]), `\\`, `\`)
	s.emit(v, Registry, hive+path, start, end, nil)
	return true
}

// keysEnd returns where a path of the registry ends, the first word of which does at end.
func (s *scanner) keysEnd(b []byte, start, end int) int {
	for end+1 < len(b) && b[end] == ' ' && end-start < 512 {
		next := end + 1
		for next < len(b) && next-start < 1024 && s.class[b[next]]&isBreak == 0 {
			next++
		}
		if !bytes.ContainsRune(b[end+1:next], '\\') || bytes.Contains(b[end+1:next], []byte(`:\`)) {
			break
		}
		end = next
	}
	return end
}

// singleBackslash returns where in JSON a path ends: before an escape that is
// no backslash.
func singleBackslash(b []byte, from, to int) int {
	for i := from; i+1 < to; i++ {
		if b[i] != '\\' {
			continue
		}
		if b[i+1] != '\\' {
			return i
		}
		i++
	}
	return to
}
