package page_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/cmd/sealcase-verify/page"
)

// build compiles the program of the page as "go generate" does.
func build(t *testing.T) (program, loader []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "verify.wasm")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", path, "./wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return read(t, path), read(t, filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestPageIsTheSame: whoever makes the page again from the same sources gets
// the same bytes, also in another folder.
func TestPageIsTheSame(t *testing.T) {
	var made [2][]byte
	for i := range made {
		program, loader := build(t)
		text, err := page.Assemble(program, loader)
		if err != nil {
			t.Fatal(err)
		}
		made[i] = text
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("two builds of the page differ")
	}
	if len(made[0]) > 4<<20 {
		t.Errorf("the page has %d bytes: each bundle carries it", len(made[0]))
	}
}

// TestPageLoadsNothing: nothing in the page names anything outside it, and its
// policy allows no connection.
func TestPageLoadsNothing(t *testing.T) {
	text, err := page.Assemble([]byte("program"), []byte("// loader"))
	if err != nil {
		t.Fatal(err)
	}
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindSubmatch(text)
	if len(policy) < 2 || !bytes.HasPrefix(policy[1], []byte("default-src 'none'; script-src 'sha256-")) {
		t.Fatalf("the policy is %q", policy)
	}
	for _, source := range []string{"connect-src", "img-src", "font-src", "'unsafe-inline'", "'unsafe-eval'", "https:", "http:"} {
		if bytes.Contains(policy[1], []byte(source)) {
			t.Errorf("the policy allows %s", source)
		}
	}
	for _, pattern := range []string{`https?://`, `src=`, `href="`, `@import`, `url\(`, `innerHTML|outerHTML|insertAdjacentHTML|document\.write`, `\beval\(`, `localStorage|indexedDB|document\.cookie`, `\{\{`} {
		if found := regexp.MustCompile(pattern).Find(text); found != nil {
			t.Errorf("the page holds %q", found)
		}
	}
}

// TestAssembleRefuses what would end the element that holds it.
func TestAssembleRefuses(t *testing.T) {
	if _, err := page.Assemble(nil, []byte("var a = '</script>'")); err == nil {
		t.Error("a loader that ends its element was taken")
	}
}
