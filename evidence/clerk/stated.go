package clerk

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/state"
)

// Statements gives the newest statement of the agency's root about its keys.
// Package vault implements it. Nothing is believed of it that the root did not sign.
type Statements interface {
	// Stated returns it; NotFound while there is none.
	Stated(ctx context.Context) (attest.Signed, error)
}

// statedAgain is after how long the root's statement is read again: so long a
// process may go on with a key that was revoked.
const statedAgain = 10 * time.Second

// onlyStated takes out of keys what the root does not state. It fails with
// Unavailable while there is no statement, and with Tampered for one that the root
// did not sign. A statement that is older than the one that this process knows is
// not taken.
func (s *Agency) onlyStated(ctx context.Context, keys *keySet) error {
	root := attest.NewTrust(s.origin, s.root)
	if !root.Rooted() {
		return nil
	}
	known, _ := s.keys.known()
	signed, err := s.statements.Stated(ctx)
	if evidence.CodeOf(err) == evidence.NotFound {
		return evidence.WrapError(evidence.Unavailable, err, "the agency's root has not stated yet which keys count: the administrator makes a request (sealcase keys request), the root signs it (sealcase root sign), and it is installed (sealcase keys install)")
	}
	if err != nil {
		return err
	}
	said, err := root.Know(signed)
	switch {
	case err != nil:
		return evidence.WrapError(evidence.Tampered, err, "the statement of the root about the agency's keys is not good: %s", evidence.MessageOf(err))
	case known.stated != nil && said.Serial < known.said.Serial:
		s.logger.ErrorContext(ctx, "an older statement of the root was put over a newer one; the newer one counts", slog.Int64("older", said.Serial), slog.Int64("newer", known.said.Serial))
		if said, err = root.Know(*known.stated); err != nil {
			return err
		}
		signed = *known.stated
	}
	notStated := func(k evidence.PublicKey) bool { return !root.States(k) }
	for _, list := range []*[]evidence.PublicKey{&keys.log, &keys.seal, &keys.worker} {
		*list = slices.DeleteFunc(*list, notStated)
	}
	keys.root, keys.said, keys.stated = root.Roots(), said, &signed
	if known.stated != nil && *known.stated == signed {
		keys.stated = known.stated
	}
	return nil
}

// Stated returns the newest statement of the agency's root, or NotFound when it has
// none or no root. It is public; no actor is needed.
func (s *Agency) Stated(ctx context.Context) (attest.Signed, error) {
	keys, err := s.knownKeys(ctx)
	if err == nil && keys.stated == nil {
		err = evidence.Errorf(evidence.NotFound, "the agency has no root that states its keys")
	}
	if err != nil {
		return attest.Signed{}, err
	}
	return *keys.stated, nil
}

// trust returns by which keys a log is believed that is read from its beginning.
func (k keySet) trust(agency string) *attest.Trust {
	t := attest.NewTrust(agency, k.all())
	if k.stated != nil {
		_, _ = t.Know(*k.stated) // it was read before
	}
	return t
}

// signing returns those of the keys that the root has not revoked.
func (k keySet) signing(keys []evidence.PublicKey) []evidence.PublicKey {
	return slices.DeleteFunc(slices.Clone(keys), k.revoked)
}

// revoked reports whether the root has revoked a key, from whenever on.
func (k keySet) revoked(key evidence.PublicKey) bool {
	return slices.ContainsFunc(k.said.Keys, func(s attest.StatedKey) bool { return s.Key == key.VKey() && s.Revoked != nil })
}

// statedSigner signs with the newest version of a key that the root states and has
// not revoked: what another signs nobody believes.
type statedSigner struct {
	attest.VersionSigner
	s    *Agency
	role attest.Role
}

// Sign implements evidence.Signer.
func (g statedSigner) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	keys, err := g.s.freshKeys(ctx)
	if err != nil {
		return nil, err
	}
	usable := keys.signing(map[attest.Role][]evidence.PublicKey{attest.RoleLog: keys.log, attest.RoleSeal: keys.seal, attest.RoleWorker: keys.worker}[g.role])
	if len(usable) == 0 {
		return nil, evidence.Errorf(evidence.Unavailable, "the root states no key with which the %s may sign now; the administrator has it state one (sealcase keys request)", g.role)
	}
	newest := usable[len(usable)-1]
	signed, err := g.VersionSigner.Sign(ctx, messages...)
	if err != nil || len(signed) > 0 && signed[0].Key.Equal(newest) {
		return signed, err
	}
	return attest.OfVersion(g.VersionSigner, newest).Sign(ctx, messages...)
}

// Sealer returns the signer of seals: with a root, it signs with what that states.
func (s *Agency) Sealer() evidence.Signer { return s.sealKey }

// freshKeys returns the keys as they were last read, not long ago.
func (s *Agency) freshKeys(ctx context.Context) (keySet, error) {
	s.keys.mu.Lock()
	keys, read := s.keys.keys, s.keys.read
	s.keys.mu.Unlock()
	if keys.log != nil && s.clock().Sub(read) < statedAgain {
		return keys, nil
	}
	return s.knownKeys(ctx)
}

// statedKeys is freshKeys where the agency has a root, and else nothing.
func (s *Agency) statedKeys(ctx context.Context) (keySet, error) {
	if len(s.root) == 0 {
		return keySet{}, nil
	}
	return s.freshKeys(ctx)
}

// stating has a signer of the agency's sign with what its root states, where it has
// one.
func (s *Agency) stating(signer evidence.Signer, role attest.Role) (evidence.Signer, error) {
	if len(s.root) == 0 || signer == nil {
		return signer, nil
	}
	versions, ok := signer.(attest.VersionSigner)
	if !ok {
		return nil, evidence.Errorf(evidence.Invalid, "with a root, custody needs signers that can sign with each version of their key")
	}
	return statedSigner{versions, s, role}, nil
}

// lacksStatement reports whether a log that says this lacks the root's newest
// statement.
func (k keySet) lacksStatement(said *state.Case) bool {
	return k.stated != nil && !said.States(k.stated.Root, k.said.Serial)
}

// unstated returns the entry with the root's newest statement, where a log that says
// this lacks it. It fails with Tampered where the log has a newer one.
func (s *Clerk) unstated(c evidence.CaseID, keys keySet, said *state.Case) ([]evidence.Entry, error) {
	if !keys.lacksStatement(said) {
		return nil, nil
	}
	for _, had := range said.Statements {
		if had.Root == keys.stated.Root && had.Serial > keys.said.Serial {
			return nil, evidence.Errorf(evidence.Tampered, "the log has statement %d of the root about the agency's keys, and Vault the older one %d: nothing is recorded before the newer one is installed again", had.Serial, keys.said.Serial)
		}
	}
	e, err := s.entry(attest.StatementEntry(c, keys.stated.Root, keys.said.Serial), c, evidence.ActKeysStated, machine())
	e.Details = keys.stated.Details()
	return []evidence.Entry{e}, err
}
