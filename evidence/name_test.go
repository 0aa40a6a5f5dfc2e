package evidence_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/sealcase/sealcase/evidence"
)

func TestFileNameValid(t *testing.T) {
	for name, tc := range map[string]struct {
		name evidence.FileName
		ok   bool
	}{
		"plain":         {"invoice.pdf", true},
		"hostile":       {"../=cmd|\x00\r\n", true}, // it is recorded, never used as a path
		"invalid UTF-8": {"\xff\xfe", true},
		"longest":       {evidence.FileName(strings.Repeat("x", evidence.MaxNameBytes)), true},
		"too long":      {evidence.FileName(strings.Repeat("x", evidence.MaxNameBytes+1)), false},
		"empty":         {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.name.Valid()
			if want := map[bool]evidence.Code{true: "", false: evidence.Invalid}[tc.ok]; evidence.CodeOf(err) != want {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

func TestFileNameText(t *testing.T) {
	for name, tc := range map[string]struct {
		name evidence.FileName
		text string
	}{
		"plain":               {"invoice.pdf", "invoice.pdf"},
		"empty":               {"", ""},
		"control characters":  {"a\x00b\r\n", "a\x00b\r\n"},
		"not ASCII":           {"Überweisung 收据.pdf", "Überweisung 收据.pdf"},
		"replacement rune":    {"a\ufffd", "a\ufffd"},
		"invalid UTF-8":       {"a\xff", "base64:Yf8="},
		"surrogate half":      {"\xed\xa0\x80", "base64:7aCA"},
		"looks like the form": {"base64:Yf8=", "base64:YmFzZTY0OllmOD0="},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := tc.name.MarshalText()
			if err != nil || string(text) != tc.text {
				t.Errorf("got %q, %v, want %q", text, err, tc.text)
			}
			var back evidence.FileName
			if err := back.UnmarshalText(text); err != nil || back != tc.name {
				t.Errorf("reading %q gave %q, %v", text, back, err)
			}
		})
	}
	n := evidence.FileName("kept")
	if err := n.UnmarshalText([]byte("base64:?")); evidence.CodeOf(err) != evidence.Invalid || n != "kept" {
		t.Errorf("got %q, %v; want an error and the name as it was", n, err)
	}
}

func TestFileNameDisplay(t *testing.T) {
	for name, tc := range map[string]struct {
		name evidence.FileName
		want string
	}{
		"plain":             {"Überweisung 收据.pdf", "Überweisung 收据.pdf"},
		"ending disguised":  {"invoice\u202efdp.exe", `invoice\u{202e}fdp.exe`},
		"line breaks":       {"a\r\nb\u2028c\u2029d\x85e", `a\u{d}\u{a}b\u{2028}c\u{2029}d\x85e`},
		"terminal escape":   {"\x1b[2Ja", `\u{1b}[2Ja`},
		"NUL":               {"a\x00b", `a\u{0}b`},
		"zero width joiner": {"a\u200db", `a\u{200d}b`},
		"tag character":     {"a\U000e0041", `a\u{e0041}`},
		"invalid UTF-8":     {"a\xffb\xc3", `a\xffb\xc3`},
		"replacement rune":  {"a\ufffd", "a\ufffd"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.name.Display(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestFileNameSafeName(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, tc := range map[string]struct {
		name evidence.FileName
		want string
	}{
		"plain":             {"invoice-2026_03.pdf", "invoice-2026_03.pdf"},
		"path":              {"../../etc/passwd", "passwd"},
		"Windows path":      {`C:\Users\a\ntuser.dat`, "ntuser.dat"},
		"ends with a slash": {"folder/", "unnamed"},
		"empty":             {"", "unnamed"},
		"dots":              {"...", "unnamed"},
		"hidden":            {".bashrc", "bashrc"},
		"trailing dot":      {"report.", "report"},
		"not ASCII":         {"Ü 收", "___"},
		"formula":           {"=cmd|' /C calc'!A0", "C_calc__A0"},
		"NUL and CRLF":      {"a\x00\r\nb", "a___b"},
		"invalid UTF-8":     {"a\xff", "a_"},
		"device":            {"con", "_con"},
		"device with ending": {
			"NUL.tar.gz", "_NUL.tar.gz",
		},
		"numbered device":        {"Com1.txt", "_Com1.txt"},
		"device behind dots":     {"..aux", "_aux"},
		"not a device":           {"console.log", "console.log"},
		"long, ending kept":      {evidence.FileName(long + ".docx"), strings.Repeat("x", 95) + ".docx"},
		"long without ending":    {evidence.FileName(long), long[:100]},
		"device after cutting":   {evidence.FileName("aux" + strings.Repeat(".", 200)), "_aux"},
		"device of 100 bytes":    {evidence.FileName("con." + strings.Repeat("x", 94) + ".y"), "_con." + strings.Repeat("x", 94)},
		"device, all its dots":   {evidence.FileName("con" + strings.Repeat(".", 95) + ".x"), "_con"},
		"device behind a path":   {`C:\Users\nul.`, "_nul"},
		"superscript digit":      {"COM\u00b9.txt", "COM_.txt"},
		"device with a space":    {"con .txt", "con_.txt"},
		"device of a console":    {"CONIN$", "CONIN_"},
		"COM and two digits":     {"com10", "com10"},
		"trailing spaces":        {"report.  ", "report.__"},
		"dot after the cut":      {evidence.FileName(long[:99] + "." + long), long[:99]},
		"long ending is no such": {evidence.FileName(long + "." + long), long[:100]},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.name.SafeName(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"invoice.pdf", "base64:Yf8=", "a\xff", "../x", "\u202e", "", "...", "lpt9.", strings.Repeat(".x", 80)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := evidence.FileName(s)
		text, err := n.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back evidence.FileName
		if err := back.UnmarshalText(text); err != nil || back != n {
			t.Errorf("%q became %q, %v", s, back, err)
		}
		if i := strings.IndexFunc(n.Display(), func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }); i >= 0 {
			t.Errorf("%q is shown with a character that does not show: %q", s, n.Display())
		}
		safe := n.SafeName()
		if safe == "" || len(safe) > 100 || strings.Trim(safe, ".") != safe || strings.ContainsAny(safe, "/\\\x00 ") {
			t.Errorf("%q gave the unsafe name %q", s, safe)
		}
		if again := evidence.FileName(safe).SafeName(); again != safe {
			t.Errorf("%q became %q, then %q", s, safe, again)
		}
	})
}
