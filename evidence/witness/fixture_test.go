package witness_test

import (
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/witness"
)

const (
	origin      = "agency.example/register"
	witnessName = "witness.example/w1"
)

// register is a log whose tree and proofs are made by golang.org/x/mod's
// sumdb/tlog: an implementation that knows nothing of package ledger.
type register struct {
	t      testing.TB
	signer *ledger.LocalSigner
	stored []tlog.Hash
	size   int64
}

func newRegister(t testing.TB, entries int, salt string) *register {
	r := &register{t: t, signer: ledger.NewLocalSigner("agency.example/log/v1", [32]byte{7})}
	r.grow(entries, salt)
	return r
}

func (r *register) grow(entries int, salt string) {
	r.t.Helper()
	for range entries {
		hashes, err := tlog.StoredHashes(r.size, fmt.Appendf(nil, "%s %d", salt, r.size), r)
		r.check(err)
		r.stored = append(r.stored, hashes...)
		r.size++
	}
}

// ReadHashes implements tlog.HashReader.
func (r *register) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, n := range indexes {
		out[i] = r.stored[n]
	}
	return out, nil
}

func (r *register) check(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// head returns the signed checkpoint at a size.
func (r *register) head(size int64) []byte { return r.headBy(size, r.signer) }

func (r *register) headBy(size int64, signer evidence.Signer) []byte {
	r.t.Helper()
	root := tlog.Hash(ledger.EmptyRoot())
	if size > 0 {
		var err error
		root, err = tlog.TreeHash(size, r)
		r.check(err)
	}
	note, err := ledger.SignCheckpoint(r.t.Context(), ledger.Checkpoint{Origin: origin, Size: size, Root: ledger.Hash(root)}, signer)
	r.check(err)
	return note
}

// proof returns the consistency proof from one size to another.
func (r *register) proof(from, to int64) []ledger.Hash {
	r.t.Helper()
	if from == 0 || from == to {
		return nil
	}
	proof, err := tlog.ProveTree(to, from, r)
	r.check(err)
	out := make([]ledger.Hash, len(proof))
	for i, h := range proof {
		out[i] = ledger.Hash(h)
	}
	return out
}

// policy accepts the register.
func (r *register) policy() witness.Policy {
	r.t.Helper()
	keys, err := r.signer.PublicKeys(r.t.Context())
	r.check(err)
	p := witness.Policy{}
	r.check(p.Accept(origin + "=" + keys[0].VKey()))
	return p
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// start runs a witness in dir.
func (r *register) start(dir string) *witness.Server {
	r.t.Helper()
	s, err := witness.NewServer(witness.ServerConfig{Dir: dir, Name: witnessName, Logs: r.policy(), Logger: quiet()})
	r.check(err)
	return s
}

// serve serves a handler over HTTP and returns its address.
func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// client returns a client of the witness at url, whose key is key.
func client(t testing.TB, url string, key evidence.WitnessKey) *witness.Client {
	t.Helper()
	c, err := witness.NewClient(witness.ClientConfig{URL: url, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// keyOf returns a witness's key pair that is a function of seed only.
func keyOf(name string, seed byte) (evidence.WitnessKey, ed25519.PrivateKey) {
	private := ed25519.NewKeyFromSeed(append(make([]byte, 31), seed))
	return evidence.WitnessKey{Name: name, Key: private.Public().(ed25519.PublicKey)}, private
}

// cosign is what an honest witness would write.
func cosign(t testing.TB, checkpoint []byte, name string, private ed25519.PrivateKey, at time.Time) []byte {
	t.Helper()
	cp, err := ledger.ParseCheckpoint(checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	line, err := ledger.Cosign(cp, name, private, at)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func wantCode(t testing.TB, err error, want evidence.Code) {
	t.Helper()
	if got := evidence.CodeOf(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}
