package bundle_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

// inUTF16 returns text as Windows calls "Unicode".
func inUTF16(text []byte, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + string(text))) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

// TestKeyFiles has keys as readers save them: both verifiers read them all.
func TestKeyFiles(t *testing.T) {
	f := small()
	data, _ := f.write(t)
	text := evidence.FormatVKeys(f.trusted)
	crlf := bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	for name, file := range map[string][]byte{
		"as written": text, "CR LF": crlf, "without a last LF": bytes.TrimSuffix(text, []byte("\n")),
		"comments": append([]byte("# keys of the agency\n\n  # indented\n"), text...), "spaces": bytes.ReplaceAll(text, []byte("\n"), []byte(" \n\t")),
		"a byte order mark": append([]byte("\ufeff"), crlf...), "UTF-16": inUTF16(crlf, binary.LittleEndian), "UTF-16, big-endian": inUTF16(text, binary.BigEndian),
	} {
		t.Run(name, func(t *testing.T) {
			keys, err := evidence.ParseVKeys(file)
			if diff := cmp.Diff(f.trusted, keys); err != nil || diff != "" {
				t.Errorf("%v: %s", err, diff)
			}
			dir := t.TempDir()
			zip, path := filepath.Join(dir, "bundle.zip"), filepath.Join(dir, "keys.vkey")
			for path, content := range map[string][]byte{zip: data, path: file} {
				if err := os.WriteFile(path, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if out, err := exec.CommandContext(t.Context(), "python3", "independent/verify.py", zip, "-key", path).CombinedOutput(); err != nil {
				t.Errorf("the independent verifier: %v\n%s", err, out)
			}
		})
	}
	for name, file := range map[string][]byte{"half of UTF-16": inUTF16(text, binary.LittleEndian)[:41], "only comments": []byte("# no key\n"), "only a mark": []byte("\ufeff")} {
		if keys, err := evidence.ParseVKeys(file); err == nil {
			t.Errorf("%s: %v", name, keys)
		}
	}
}
