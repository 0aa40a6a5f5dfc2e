package indicator

import (
	"bytes"
	"strings"
)

// identifier takes a run that names a weakness, a technique or a key.
func (s *scanner) identifier(buffer []byte, t *text, from, to int) bool {
	r := t.b[from:to]
	switch {
	case len(r) == 3 && strings.EqualFold(string(r), "CVE"):
		return s.cve(buffer, t, from)
	case len(r) == 5 && technique(r):
		return s.match(buffer, t, Attack, string(r), from, to, nil)
	case len(r) == 6 && bytes.HasPrefix(r, []byte("TA00")) && digit(r[4]) && digit(r[5]):
		return s.match(buffer, t, Attack, string(r), from, to, nil)
	case len(r) == 20 && awsKey(r):
		return s.match(buffer, t, AWSKey, string(r[:4])+"************"+string(r[16:]), from, to, nil)
	default:
		return false
	}
}

// cve takes CVE-year-number.
func (s *scanner) cve(buffer []byte, t *text, from int) bool {
	rest := t.b[from+3:]
	if len(rest) < 10 || rest[0] != '-' || rest[5] != '-' || (rest[1] != '1' && rest[1] != '2') {
		return false
	}
	end := 6
	for end < len(rest) && digit(rest[end]) {
		end++
	}
	for _, c := range rest[1:5] {
		if !digit(c) {
			return false
		}
	}
	if end-6 < 4 || end-6 > 7 || end < len(rest) && alnum(rest[end]) {
		return false
	}
	return s.match(buffer, t, CVE, "CVE"+string(rest[:end]), from, from+3+end, nil)
}

// technique reports whether r is the number of a technique of ATT&CK.
func technique(r []byte) bool {
	return len(r) == 5 && r[0] == 'T' && r[1] == '1' && r[2] >= '0' && r[2] <= '6' && digit(r[3]) && digit(r[4]) &&
		string(r) != "T1000"
}

// subTechnique takes T1059.001.
func (s *scanner) subTechnique(buffer []byte, t *text, from, to int) bool {
	w := t.b[from:to]
	if len(w) != 9 || w[5] != '.' || !technique(w[:5]) || !digit(w[6]) || !digit(w[7]) || !digit(w[8]) {
		return false
	}
	return s.match(buffer, t, Attack, string(w), from, to, nil)
}

// awsKey reports whether r is the identifier of an access key.
func awsKey(r []byte) bool {
	switch string(r[:4]) {
	case "AKIA", "ASIA", "ABIA", "ACCA":
	default:
		return false
	}
	for _, c := range r[4:] {
		if (c < 'A' || c > 'Z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// registry takes a path of the Windows registry. Its keys may hold spaces:
// words go on as long as one of them has another backslash.
func (s *scanner) registry(buffer []byte, from, to int) {
	if s.overlaps(from, from+1) {
		return // a word of the path before
	}
	token := buffer[from:to]
	start, hive, length := -1, "", 0
	for _, h := range [...][2]string{
		{"HKEY_LOCAL_MACHINE", "HKEY_LOCAL_MACHINE"}, {"HKEY_CURRENT_USER", "HKEY_CURRENT_USER"}, {"HKEY_USERS", "HKEY_USERS"},
		{"HKEY_CLASSES_ROOT", "HKEY_CLASSES_ROOT"}, {"HKLM", "HKEY_LOCAL_MACHINE"}, {"HKCU", "HKEY_CURRENT_USER"},
		{"HKCR", "HKEY_CLASSES_ROOT"}, {"HKU", "HKEY_USERS"},
	} {
		i := bytes.Index(token, []byte(h[0]))
		if i < 0 || i > 0 && alnum(token[i-1]) {
			continue
		}
		after := bytes.TrimPrefix(token[i+len(h[0]):], []byte(":"))
		if bytes.HasPrefix(after, []byte(`\`)) {
			start, hive, length = from+i, h[1], to-from-i-len(after)
			break
		}
	}
	if start < 0 {
		return
	}
	end := to
	for end+1 < len(buffer) && buffer[end] == ' ' && end-start < 512 {
		next := end + 1
		for next < len(buffer) && s.class[buffer[next]]&isBreak == 0 {
			next++
		}
		if !bytes.ContainsRune(buffer[end+1:next], '\\') || bytes.Contains(buffer[end+1:next], []byte(`:\`)) {
			break
		}
		end = next
	}
	for end > start && !alnum(buffer[end-1]) && buffer[end-1] != '}' {
		end--
	}
	if end-start > length+1 && end-start <= MaxLength {
		path := strings.ReplaceAll(string(buffer[start+length:end]), `\\`, `\`)
		s.emit(buffer, Registry, hive+path, start, end, nil)
	}
}
