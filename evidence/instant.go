package evidence

import (
	"bytes"
	"time"
)

// instantLayout is RFC 3339 in UTC with exactly three decimals.
const instantLayout = "2006-01-02T15:04:05.000Z"

// Instant is a point in time in UTC with milliseconds, on the wire and in
// storage. The zero Instant means "not known" and has the empty text.
type Instant struct{ t time.Time }

// At returns t as an Instant, cut to milliseconds.
func At(t time.Time) Instant {
	if t.IsZero() {
		return Instant{}
	}
	return Instant{t.UTC().Truncate(time.Millisecond)}
}

// Time returns the instant as a time in UTC.
func (i Instant) Time() time.Time { return i.t }

// IsZero reports whether the instant is not known.
func (i Instant) IsZero() bool { return i.t.IsZero() }

// Equal reports whether both are the same instant. Package cmp uses it.
func (i Instant) Equal(o Instant) bool { return i.t.Equal(o.t) }

// String returns the instant as RFC 3339 in UTC with milliseconds.
func (i Instant) String() string {
	if i.IsZero() {
		return ""
	}
	return i.t.Format(instantLayout)
}

// AppendText implements encoding.TextAppender. Years that RFC 3339 cannot write,
// before 0 and after 9999, are Invalid.
func (i Instant) AppendText(b []byte) ([]byte, error) {
	if i.IsZero() {
		return b, nil
	}
	if y := i.t.Year(); y < 0 || y > 9999 {
		return nil, Errorf(Invalid, "the year %d cannot be written as an instant", y)
	}
	return i.t.AppendFormat(b, instantLayout), nil
}

// MarshalText implements encoding.TextMarshaler as AppendText does.
func (i Instant) MarshalText() ([]byte, error) { return i.AppendText([]byte{}) }

// UnmarshalText implements encoding.TextUnmarshaler. Only the form that String
// writes is accepted.
func (i *Instant) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*i = Instant{}
		return nil
	}
	t, err := time.Parse(time.RFC3339, string(text)) // which the package reads fastest, and takes decimals
	var again [len(instantLayout)]byte
	if err != nil || !bytes.Equal(t.AppendFormat(again[:0], instantLayout), text) || t.IsZero() {
		return Errorf(Invalid, "%q is not an instant like %s", text, instantLayout)
	}
	*i = Instant{t.UTC()}
	return nil
}
