package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// TestSignCheckpointIsStable pins the bytes: a bundle that was handed over
// years ago must still verify, and Ed25519 signs the same text the same way.
func TestSignCheckpointIsStable(t *testing.T) {
	log := signer("agency.example/log/v1")
	want := "agency.example/case/case-aaaaaaaaaaaaaaaaaaaaaaaaaa\n7\n" +
		"PAb5plclr2BSYfY2ZyyWINQJcx2JpFHXRV/pxK4WeCk=\n\n— agency.example/case/case-aaaaaaaaaaaaaaaaaaaaaaaaaa zgGTjgt6vT5EE+M0brF7GytCMPc/q6/KROvq21g7C4eymzh6lfdjthqQsP1zcZgh4CigoD5JQ2Ch5nP/Oid8QRzLUw4=\n"
	if diff := cmp.Diff(want, string(sign(t, checkpoint(), log))); diff != "" {
		t.Errorf("checkpoint differs (-want +got):\n%s", diff)
	}
}

// liar signs another message than it is asked to.
type liar struct{ *ledger.LocalSigner }

func (l liar) Sign(ctx context.Context, _ ...[]byte) ([]evidence.Signature, error) {
	return l.LocalSigner.Sign(ctx, []byte("another message"))
}

// mute signs nothing.
type mute struct{ *ledger.LocalSigner }

func (mute) Sign(context.Context, ...[]byte) ([]evidence.Signature, error) { return nil, nil }

// shut fails as Vault does when it is sealed.
type shut struct{ *ledger.LocalSigner }

func (shut) Sign(context.Context, ...[]byte) ([]evidence.Signature, error) {
	return nil, evidence.Errorf(evidence.Sealed, "Vault is sealed")
}

func TestSignCheckpointRefuses(t *testing.T) {
	log := signer("agency.example/log/v1")
	twin := ledger.NewLocalSigner("agency.example/log/v2", evidence.Sum([]byte("agency.example/log/v1")))
	change := func(f func(*ledger.Checkpoint)) ledger.Checkpoint {
		cp := checkpoint()
		f(&cp)
		return cp
	}
	for name, tc := range map[string]struct {
		cp      ledger.Checkpoint
		signers []evidence.Signer
		code    evidence.Code
	}{
		"no signer":            {checkpoint(), nil, evidence.Invalid},
		"the same key twice":   {checkpoint(), []evidence.Signer{log, log}, evidence.Invalid},
		"the same under two":   {checkpoint(), []evidence.Signer{log, twin}, evidence.Invalid},
		"a signer that lies":   {checkpoint(), []evidence.Signer{liar{log}}, evidence.Internal},
		"a signer that's mute": {checkpoint(), []evidence.Signer{mute{log}}, evidence.Internal},
		"a sealed Vault":       {checkpoint(), []evidence.Signer{shut{log}}, evidence.Sealed},
		"no origin":            {change(func(c *ledger.Checkpoint) { c.Origin = "" }), []evidence.Signer{log}, evidence.Invalid},
		"line in the origin":   {change(func(c *ledger.Checkpoint) { c.Origin = "a\nb" }), []evidence.Signer{log}, evidence.Invalid},
		"negative size":        {change(func(c *ledger.Checkpoint) { c.Size = -1 }), []evidence.Signer{log}, evidence.Invalid},
		"empty, another root":  {change(func(c *ledger.Checkpoint) { c.Size = 0 }), []evidence.Signer{log}, evidence.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			if signed, err := ledger.SignCheckpoint(t.Context(), tc.cp, tc.signers...); evidence.CodeOf(err) != tc.code {
				t.Errorf("got %q, %v; want an error that is %q", signed, err, tc.code)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ledger.SignCheckpoint(ctx, checkpoint(), log); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v in its chain", err, context.Canceled)
	}
}

// TestCheckpointForOtherTools: with the key that LogKey gives, the reference
// implementation of signed notes opens what we sign.
func TestCheckpointForOtherTools(t *testing.T) {
	log := signer("agency.example/log/v1")
	cp := checkpoint()
	verifier, err := note.NewVerifier(ledger.LogKey(cp.Origin, key(t, log)).VKey())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(sign(t, cp, log), note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Sigs) != 1 || n.Sigs[0].Name != cp.Origin || !strings.HasPrefix(n.Text, cp.Origin+"\n7\n") {
		t.Errorf("got %+v", n)
	}
}

func TestCheckpointOfTheEmptyLog(t *testing.T) {
	log := signer("agency.example/log/v1")
	cp := ledger.Checkpoint{Origin: "agency.example/case/x", Root: ledger.EmptyRoot()}
	got, _, err := ledger.OpenCheckpoint(sign(t, cp, log), []evidence.PublicKey{key(t, log)})
	if err != nil || got != cp {
		t.Errorf("got %+v, %v", got, err)
	}
}
