package app_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
)

// TestFaults takes servers away in the middle of the work: what was
// acknowledged is kept, and the work ends when they are back.
func TestFaults(t *testing.T) {
	stack := servertest.Own(t, servers.All()...)
	in := installOn(t, stack, "faults")
	run := in.as(t, "investigator")
	c := ask[evidence.Case](t, run, "case", "open", "Faults")
	add := func(t *testing.T, name string, content []byte) chan receipt {
		file := filepath.Join(t.TempDir(), name)
		write(t, file, content)
		done := make(chan receipt, 1)
		go func() {
			var r receipt
			out, _ := run("--json", "evidence", "add", file, "--case", c.Number, "--source", name)
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Errorf("bringing in %s: %v", name, err)
			}
			done <- r
		}()
		return done
	}
	sealed := func(t *testing.T, done chan receipt) {
		t.Helper()
		got := <-done
		if len(got.Items) != 1 || got.Items[0].State != evidence.ItemSealed {
			t.Errorf("receipt %+v", got)
		}
	}
	t.Run("Vault is sealed", func(t *testing.T) {
		if err := stack.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := add(t, "a", []byte("received while Vault is sealed"))
		time.Sleep(2 * time.Second)
		if _, code := run("login", "investigator"); code != 7 {
			t.Errorf("signing in to a sealed Vault: exit %d", code)
		}
		if err := stack.Unseal(t.Context()); err != nil {
			t.Fatal(err)
		}
		sealed(t, done)
	})
	t.Run("the registry is gone for a while", func(t *testing.T) {
		if err := stack.Kill(servers.Mongo); err != nil {
			t.Fatal(err)
		}
		done := add(t, "b", []byte("begun while the registry is gone"))
		time.Sleep(3 * time.Second)
		if err := stack.Restart(t.Context(), servers.Mongo); err != nil {
			t.Fatal(err)
		}
		sealed(t, done)
	})
	t.Run("the workflows are gone for a while", func(t *testing.T) {
		done := add(t, "c", make([]byte, 6<<20))
		if err := stack.Kill(servers.Temporal); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if err := stack.Restart(t.Context(), servers.Temporal); err != nil {
			t.Fatal(err)
		}
		sealed(t, done)
	})
	if d := ask[struct{ Items, Sealed int }](t, run, "case", "show", c.Number); d.Items != 3 || d.Sealed != 3 {
		t.Errorf("at the end: %+v", d)
	}
}

// TestAnotherAPITakesOver replaces the API in the middle of an upload.
func TestAnotherAPITakesOver(t *testing.T) {
	in := install(t)
	run := in.as(t, "investigator")
	c := ask[evidence.Case](t, run, "case", "open", "Restart")
	file := filepath.Join(t.TempDir(), "disk.dd")
	content := []byte(strings.Repeat("0123456789abcdef", 2<<20)) // 32 MiB: more than a part
	write(t, file, content)
	var parts atomic.Int32
	in.break1 = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPatch || parts.Add(1) != 1 {
			return false
		}
		// The first API hears 20 MiB and then nothing more.
		r.Body = http.MaxBytesReader(nil, r.Body, 20<<20)
		(*in.front.Load()).ServeHTTP(w, r)
		in.startAPI(t)
		panic(http.ErrAbortHandler)
	}
	got := ask[receipt](t, run, "evidence", "add", file, "--case", c.Number, "--source", "disk")
	if len(got.Items) != 1 || got.Items[0].Digest != evidence.Sum(content) || got.Items[0].State != evidence.ItemSealed || parts.Load() < 2 {
		t.Errorf("receipt %+v after %d parts", got, parts.Load())
	}
}

// TestEvents watches a case over real servers while somebody works on it.
func TestEvents(t *testing.T) {
	in := install(t)
	run := in.as(t, "investigator")
	c := ask[evidence.Case](t, run, "case", "open", "Events")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/api/v1/cases/%s/events?after=-1", in.url, c.ID), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+in.token(t, "investigator"))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	file := filepath.Join(t.TempDir(), "a")
	write(t, file, []byte("a"))
	ask[receipt](t, run, "evidence", "add", file, "--case", c.Number, "--source", "x")
	var seen []string
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() && !strings.Contains(strings.Join(seen, " "), "intake-closed") {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			for _, act := range evidence.Acts() {
				if strings.Contains(data, fmt.Sprintf(`"act":%q`, act)) {
					seen = append(seen, string(act))
				}
			}
		}
	}
	if got := strings.Join(seen, " "); got != "roster opened intake-opened received sealed analysed intake-closed" {
		t.Errorf("seen: %s", got)
	}
}
