package bundle

import "testing"

func TestRoleOf(t *testing.T) {
	for name, want := range map[string]string{
		"agency.example/log/v1": "log", "agency.example/seal/v12": "seal", "a/b/log/v1": "log",
		"agency.example/log": "", "agency.example/log/v": "", "agency.example/log/vx": "", "agency.example/log/v-1": "",
		"log/v1": "", "agency.example/case/case-x": "", "agency.example/witness/v1": "", "/log/v1": "log", "": "",
	} {
		if got := roleOf(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
