package rebuild

import (
	"context"
	"crypto/sha256"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/seal"
)

// maxSeal is the longest seal that is read, in bytes.
const maxSeal = 64 << 10

// checkSealed looks whether what an item's entries say is stored, and checks its
// seal. What is missing is a problem and no reason not to make the item: the log
// says that it was there.
func (m *making) checkSealed(ctx context.Context, it evidence.Item) error {
	name := evidence.ExhibitNumber("", it.Exhibit)[1:]
	stored, err := m.Objects.Stat(ctx, it.Data)
	switch {
	case isLoss(err):
		m.problem(m.id, "storage does not have the bytes of %s", name)
	case err != nil:
		return err
	case stored.Length != it.Length:
		m.problem(m.id, "storage has %d bytes of %s, not %d", stored.Length, name, it.Length)
	}
	body, err := m.Objects.Open(ctx, it.Seal, 0, -1)
	if isLoss(err) {
		m.problem(m.id, "storage does not have the seal of %s", name)
		return nil
	}
	if err != nil {
		return err
	}
	defer body.Close()
	envelope, err := io.ReadAll(io.LimitReader(body, maxSeal))
	if err != nil {
		return evidence.WrapError(evidence.Unavailable, err, "reading the seal of %s broke off", name)
	}
	statement, _, err := seal.OpenBy(envelope, m.by, 0) // the log names it by its digest
	if err != nil {
		m.problem(m.id, "the seal of %s is not good: %s", name, evidence.MessageOf(err))
		return nil
	}
	for _, differs := range statement.Check(it) {
		m.problem(m.id, "%s: %s", name, differs)
	}
	return nil
}

// isLoss reports whether storage does not have what it is asked for.
func isLoss(err error) bool {
	code := evidence.CodeOf(err)
	return code == evidence.NotFound || code == evidence.Tampered
}

// holds reports whether a stored object has that digest.
func (w *work) holds(ctx context.Context, ref evidence.ObjectRef, want evidence.Digest) (bool, error) {
	body, err := w.Objects.Open(ctx, ref, 0, -1)
	if isLoss(err) || evidence.CodeOf(err) == evidence.Invalid {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer body.Close()
	h := sha256.New()
	if _, err := io.Copy(h, body); err != nil {
		return false, evidence.WrapError(evidence.Unavailable, err, "reading %s broke off", ref.Key)
	}
	return evidence.Digest(h.Sum(nil)) == want, nil
}

// oldest returns the version under a key that was stored first; a zero one when
// there is none.
func (w *work) oldest(ctx context.Context, bucket, key string) (evidence.ObjectRef, error) {
	var first evidence.ObjectRef
	for v, err := range w.Objects.List(ctx, bucket, key, "") {
		if err != nil {
			return first, err
		}
		if v.Ref.Key == key && !v.Deleted {
			first = v.Ref // the newest comes first
		}
	}
	return first, nil
}
