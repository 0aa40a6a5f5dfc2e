package form

import "strings"

// Hive returns the full name of the hive with which b begins, and the length
// of what stands for it, a colon included; 0 when b does not begin a path.
func Hive(b []byte) (string, int) {
	for _, h := range [...][2]string{
		{"HKEY_LOCAL_MACHINE", "HKEY_LOCAL_MACHINE"}, {"HKEY_CURRENT_USER", "HKEY_CURRENT_USER"}, {"HKEY_USERS", "HKEY_USERS"},
		{"HKEY_CLASSES_ROOT", "HKEY_CLASSES_ROOT"}, {"HKEY_CURRENT_CONFIG", "HKEY_CURRENT_CONFIG"}, {"HKLM", "HKEY_LOCAL_MACHINE"},
		{"HKCU", "HKEY_CURRENT_USER"}, {"HKCR", "HKEY_CLASSES_ROOT"}, {"HKCC", "HKEY_CURRENT_CONFIG"}, {"HKU", "HKEY_USERS"},
	} {
		n := len(h[0])
		if len(b) <= n || !strings.EqualFold(string(b[:n]), h[0]) {
			continue
		}
		if b[n] == ':' {
			n++
		}
		if n < len(b) && b[n] == '\\' {
			return h[1], n
		}
	}
	return "", 0
}
