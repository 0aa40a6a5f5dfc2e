package evidence

// Ticket opens bytes once. Whoever wants to read bytes first puts the read on
// record, signed, and gets a ticket for exactly that read. The ticket is the
// identifier of the entry, and what it opens is what the entry says: nothing is
// kept of it anywhere else, and nobody else can use it.
type Ticket struct {
	Entry  EntryID
	Offset int64 // of the first byte that it opens
	Length int64 // in bytes
	Until  Instant
}

// Span is a number of consecutive bytes of a whole.
type Span struct{ Offset, Length int64 }

// SpanOf returns length bytes (-1: to the end) from offset on of what has size
// bytes. It fails with Invalid when it begins after the end.
func SpanOf(size, offset, length int64) (Span, error) {
	if offset < 0 || offset > size {
		return Span{}, Errorf(Invalid, "there are %d bytes; there is none at %d", size, offset)
	}
	if length < 0 || length > size-offset {
		length = size - offset
	}
	return Span{offset, length}, nil
}
