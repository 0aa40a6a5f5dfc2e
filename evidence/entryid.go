package evidence

import "crypto/sha256"

// DeriveEntryID returns the EntryID of an act that must be recorded once
// however often it is retried: the same act and the same parts always give the
// same identifier. Parts are, for example, the act, the item and its version.
func DeriveEntryID(parts ...string) EntryID { return Derive[EntryID](parts...) }

// Derive returns the identifier of kind T that belongs to parts: a function of
// them only, so that a retried step finds what its first try made.
func Derive[T ID](parts ...string) T {
	h := sha256.New()
	for _, p := range parts {
		var length [8]byte
		for i := range length {
			length[i] = byte(len(p) >> (8 * i))
		}
		h.Write(length[:])
		h.Write([]byte(p))
	}
	return idFromBytes[T]([16]byte(h.Sum(nil)[:16]))
}
