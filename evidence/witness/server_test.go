package witness_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/witness"
)

// TestCosignsWhatGrows: each size in turn, and the same one again.
func TestCosignsWhatGrows(t *testing.T) {
	r := newRegister(t, 300, "a")
	s := r.start(t.TempDir())
	defer s.Close()
	c := client(t, serve(t, s), s.Key())
	last := int64(0)
	for _, size := range []int64{1, 2, 3, 3, 64, 255, 256, 257, 300} {
		got, err := c.Cosign(t.Context(), last, r.proof(last, size), r.head(size))
		if err != nil {
			t.Fatalf("from %d to %d: %v", last, size, err)
		}
		if got.Size != size || time.Since(got.At.Time()) > time.Minute {
			t.Errorf("cosigned %d at %s", got.Size, got.At)
		}
		last = size
	}
}

// TestIndependentImplementationsAgree: torchwood and x/mod's note read what our
// witness signs, and our client reads what torchwood signs.
func TestIndependentImplementationsAgree(t *testing.T) {
	r := newRegister(t, 5, "a")
	s := r.start(t.TempDir())
	defer s.Close()
	got, err := client(t, serve(t, s), s.Key()).Cosign(t.Context(), 0, nil, r.head(5))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := torchwood.NewCosignatureVerifier(s.Key().VKey())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(append(r.head(5), got.Line...), note.VerifierList(theirs))
	if err != nil {
		t.Fatalf("torchwood does not verify our cosignature: %v", err)
	}
	seconds, err := torchwood.CosignatureTimestamp(opened.Sigs[0])
	if err != nil || seconds != got.At.Time().Unix() {
		t.Errorf("torchwood reads the time %d, %v; we read %s", seconds, err, got.At)
	}
	key, private := keyOf("torchwood.example", 9)
	signer, err := torchwood.NewCosignatureSigner(key.Name, private)
	if err != nil {
		t.Fatal(err)
	}
	if v := signer.Verifier().String(); v != key.VKey() {
		t.Errorf("torchwood writes the key %s, we %s", v, key.VKey())
	}
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		text, err := ledger.Text(r.head(5))
		r.check(err)
		signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
		r.check(err)
		_, _ = w.Write(signed[len(text)+1:])
	}))
	if _, err := client(t, address, key).Cosign(t.Context(), 0, nil, r.head(5)); err != nil {
		t.Errorf("we do not verify torchwood's cosignature: %v", err)
	}
}

// TestServerRefuses: by raw requests, as anybody may send them.
func TestServerRefuses(t *testing.T) {
	r, fork := newRegister(t, 20, "a"), newRegister(t, 20, "b")
	s := r.start(t.TempDir())
	defer s.Close()
	url := serve(t, s)
	if _, err := client(t, url, s.Key()).Cosign(t.Context(), 0, nil, r.head(10)); err != nil {
		t.Fatal(err)
	}
	body := func(old string, proof []ledger.Hash, head []byte) string {
		text := "old " + old + "\n"
		for _, h := range proof {
			text += base64.StdEncoding.EncodeToString(h[:]) + "\n"
		}
		return text + "\n" + string(head)
	}
	stranger := ledger.NewLocalSigner("agency.example/log/v1", [32]byte{8})
	long := make([]ledger.Hash, 64)
	for name, tt := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"nothing":              {"", 400, "empty line"},
		"no old line":          {"\n\n" + string(r.head(12)), 400, "old"},
		"negative":             {body("-1", nil, r.head(12)), 400, "old"},
		"leading zero":         {body("010", nil, r.head(12)), 400, "old"},
		"not a hash":           {"old 10\nAAAA\n\n" + string(r.head(12)), 400, "hash"},
		"64 hashes":            {body("10", long, r.head(12)), 400, "63"},
		"no checkpoint":        {"old 10\n\nhello\n", 400, "signed note"},
		"old beyond the size":  {body("13", nil, r.head(12)), 400, "larger"},
		"unknown log":          {strings.ReplaceAll(body("0", nil, r.head(12)), origin, "other.example/log"), 404, "not known"},
		"unknown key":          {body("10", r.proof(10, 12), r.headBy(12, stranger)), 403, "no key"},
		"changed after":        {strings.Replace(body("10", r.proof(10, 12), r.head(12)), "\n12\n", "\n13\n", 1), 403, "no key"},
		"old too small":        {body("0", nil, r.head(12)), 409, "10\n"},
		"old too large":        {body("11", r.proof(11, 12), r.head(12)), 409, "10\n"},
		"rolled back":          {body("5", nil, r.head(5)), 409, "10\n"},
		"another of its size":  {body("10", nil, fork.head(10)), 409, "10\n"},
		"fork":                 {body("10", fork.proof(10, 12), fork.head(12)), 422, "continue"},
		"no proof":             {body("10", nil, r.head(12)), 422, "continue"},
		"proof of another":     {body("10", r.proof(10, 13), r.head(12)), 422, "continue"},
		"proof with no need":   {body("10", r.proof(5, 10), r.head(10)), 422, "continue"},
		"longer than anything": {strings.Repeat("x", 1<<20), 413, "too long"},
	} {
		t.Run(name, func(t *testing.T) {
			response, err := http.Post(url+"/add-checkpoint", "text/plain", strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			said, _ := io.ReadAll(response.Body)
			if response.StatusCode != tt.status || !strings.Contains(string(said), tt.says) {
				t.Errorf("%d %q, want %d and %q", response.StatusCode, said, tt.status, tt.says)
			}
			if kind := response.Header.Get("Content-Type"); tt.status == 409 && kind != "text/x.tlog.size" {
				t.Errorf("the size has the type %q", kind)
			}
		})
	}
	// Nothing of it changed what the witness holds.
	if _, err := client(t, url, s.Key()).Cosign(t.Context(), 10, r.proof(10, 12), r.head(12)); err != nil {
		t.Error(err)
	}
	if response, err := http.Get(url + "/add-checkpoint"); err != nil || response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %v %v", response, err)
	}
}

// TestRemembers: over a restart, with its key; and it does not go on when what
// it remembers was touched.
func TestRemembers(t *testing.T) {
	r, dir := newRegister(t, 20, "a"), t.TempDir()
	s := r.start(dir)
	key := s.Key()
	if _, err := witness.NewServer(witness.ServerConfig{Dir: dir, Name: witnessName, Logs: r.policy(), Logger: quiet()}); evidence.CodeOf(err) != evidence.Conflict {
		t.Errorf("a second witness in the folder: %v", err)
	}
	if _, err := client(t, serve(t, s), key).Cosign(t.Context(), 0, nil, r.head(10)); err != nil {
		t.Fatal(err)
	}
	r.check(s.Close())
	if info, err := os.Stat(filepath.Join(dir, "witness.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v %v", info, err)
	}
	public, err := os.ReadFile(filepath.Join(dir, "witness.vkey"))
	if err != nil || strings.TrimSpace(string(public)) != key.VKey() {
		t.Errorf("the public key's file says %q, %v", public, err)
	}
	again := r.start(dir)
	if again.Key().VKey() != key.VKey() {
		t.Errorf("it has another key: %s", again.Key().VKey())
	}
	got, err := client(t, serve(t, again), key).Cosign(t.Context(), 0, nil, r.head(20))
	if wantCode(t, err, evidence.Conflict); got.Size != 10 {
		t.Errorf("it remembers %d", got.Size)
	}
	r.check(again.Close())
	_, err = witness.NewServer(witness.ServerConfig{Dir: dir, Name: "other.example", Logs: r.policy(), Logger: quiet()})
	wantCode(t, err, evidence.Conflict)
	states, err := filepath.Glob(filepath.Join(dir, "logs", "*.note"))
	if err != nil || len(states) != 1 {
		t.Fatalf("states %v, %v", states, err)
	}
	r.check(os.WriteFile(states[0], r.head(5), 0o600)) // signed by the log, but never cosigned
	_, err = witness.NewServer(witness.ServerConfig{Dir: dir, Logs: r.policy(), Logger: quiet()})
	wantCode(t, err, evidence.Tampered)
	r.check(os.Remove(filepath.Join(dir, "witness.key")))
	_, err = witness.NewServer(witness.ServerConfig{Dir: dir, Name: witnessName, Logs: r.policy(), Logger: quiet()})
	wantCode(t, err, evidence.Incomplete)
}

// TestOneOfManyIsCosigned: of forks that are offered at the same moment one is
// cosigned, and what is kept is that one.
func TestOneOfManyIsCosigned(t *testing.T) {
	r, dir := newRegister(t, 1, "a"), t.TempDir()
	s := r.start(dir)
	defer s.Close()
	url := serve(t, s)
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := map[string]int64{}
	for _, salt := range strings.Split("abcdefghij", "") {
		fork := newRegister(t, 8, salt)
		wg.Go(func() {
			got, err := client(t, url, s.Key()).Cosign(context.Background(), 0, nil, fork.head(8))
			if err == nil {
				mu.Lock()
				won[salt] = got.Size
				mu.Unlock()
			} else if !errors.Is(err, evidence.ErrForked) && evidence.CodeOf(err) != evidence.Conflict {
				t.Errorf("%s: %v", salt, err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Errorf("%d forks were cosigned: %v", len(won), won)
	}
}

// TestServe: the server that the command runs ends with its context.
func TestServe(t *testing.T) {
	r := newRegister(t, 3, "a")
	s := r.start(t.TempDir())
	defer s.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	if _, err := client(t, "http://"+l.Addr().String()+"/", s.Key()).Cosign(t.Context(), 0, nil, r.head(3)); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
