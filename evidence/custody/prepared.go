package custody

import (
	"bytes"
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// How far the time of an entry that was signed elsewhere may lie from ours: it
// may have waited with its workflow, and clocks differ.
const (
	maxEarly = 24 * time.Hour
	maxLate  = 30 * 24 * time.Hour
)

// canSign returns nil when the actor's signer answers.
func (s *Service) canSign(ctx context.Context, actor evidence.Actor) error {
	if actor.Signer == nil {
		return noSigner()
	}
	_, err := actor.Signer.PublicKeys(ctx)
	return err
}

// signAll has the actor sign entries, one by one, and returns their bytes and the
// key. Vault says that it is the actor's.
func (s *Service) signAll(ctx context.Context, actor evidence.Actor, list []evidence.Entry) (raw [][]byte, key evidence.PublicKey, err error) {
	for _, e := range list {
		unsigned, err := canonical(e)
		if err != nil {
			return nil, key, err
		}
		a := newAppending(e, nil, unsigned)
		if key, err = s.signAs(ctx, actor, a); err != nil {
			return nil, key, err
		}
		raw = append(raw, a.entry.Raw)
	}
	return raw, key, nil
}

// signFor is signAll for an entry of a log that has begun, and sees to it that
// the log gives the actor the key.
func (s *Service) signFor(ctx context.Context, actor evidence.Actor, e evidence.Entry) ([][]byte, error) {
	raw, key, err := s.signAll(ctx, actor, []evidence.Entry{e})
	if err != nil {
		return nil, err
	}
	return raw, s.enlisted(ctx, actor, e.Case, key)
}

// readSigned reads entries that were signed elsewhere, without believing them.
func readSigned(signed [][]byte) ([]evidence.Entry, error) {
	list := make([]evidence.Entry, len(signed))
	for i, raw := range signed {
		if err := canon.Unmarshal(raw, &list[i]); err != nil {
			return nil, evidence.WrapError(evidence.Invalid, err, "a signed act cannot be read; nothing was recorded")
		}
		if list[i].Signature == nil {
			return nil, evidence.Errorf(evidence.Invalid, "an act is not signed; nothing was recorded")
		}
	}
	if len(list) == 0 {
		return nil, evidence.Errorf(evidence.Invalid, "the act is not signed by whoever wants it; nothing was recorded: try again")
	}
	return list, nil
}

// openSigned returns, ready to be appended as they are, entries that people
// signed elsewhere: those that say exactly what is wanted, but for time and
// nonce, and are signed by the wanted actor with a key that Vault has for them.
func (s *Service) openSigned(ctx context.Context, signed [][]byte, want []evidence.Entry) ([]*appending, error) {
	said, err := readSigned(signed)
	if err != nil {
		return nil, err
	}
	if len(said) != len(want) {
		return nil, evidence.Errorf(evidence.Invalid, "%d acts are signed where %d are wanted; nothing was recorded", len(said), len(want))
	}
	work := make([]*appending, len(said))
	for i, e := range said {
		if err := s.sameAct(e, signed[i], want[i]); err != nil { //nolint:gosec // as many as said
			return nil, err
		}
		work[i] = newAppending(e, signed[i], nil)
		if _, err := s.personKey(ctx, work[i].entry); err != nil {
			return nil, err
		}
	}
	return work, nil
}

// sameAct returns nil when a signed entry says what is wanted and nothing more.
func (s *Service) sameAct(said evidence.Entry, raw []byte, want evidence.Entry) error {
	want.At, want.Nonce, want.Signature = said.At, said.Nonce, said.Signature
	if err := want.Check(); err != nil {
		return evidence.WrapError(evidence.Invalid, err, "a signed act is not whole; nothing was recorded")
	}
	text, err := canon.Marshal(want)
	if err != nil {
		return err
	}
	if !bytes.Equal(text, raw) {
		return evidence.Errorf(evidence.Invalid, "what was signed is not what is asked for; nothing was recorded")
	}
	early := said.At.Time().Sub(s.now().Time())
	if early > maxEarly || -early > maxLate {
		return evidence.Errorf(evidence.Invalid, "the act was signed at %s, which is too far from now; nothing was recorded: ask again", said.At)
	}
	return nil
}

func noSigner() error {
	return evidence.Errorf(evidence.Unauthenticated, "this act needs your own signature, and your session cannot sign; nothing was recorded: sign in again")
}
