package objecttest

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

func (s suite) whole(t *testing.T) {
	for _, length := range []int{0, 1, 100_000} {
		to, body := s.staging(t), random(t, length)
		stored := s.put(t, to, body, evidence.Lock{})
		if stored.Ref.Bucket != to.Bucket || stored.Ref.Key != to.Key || stored.Length != int64(length) || !stored.Lock.IsZero() {
			t.Errorf("stored %d bytes, the store says %+v", length, stored)
		}
		s.holds(t, stored.Ref, body)
		again, err := s.store.Stat(t.Context(), stored.Ref)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(stored, again, cmp.AllowUnexported(evidence.Instant{})); diff != "" {
			t.Errorf("Put and Stat differ:\n%s", diff)
		}
	}
}

func (s suite) ranges(t *testing.T) {
	body := random(t, 1000)
	ref := s.put(t, s.staging(t), body, evidence.Lock{}).Ref
	for _, c := range []struct {
		name           string
		offset, length int64
		want           []byte
		code           evidence.Code
	}{
		{"all", 0, -1, body, ""},
		{"first byte", 0, 1, body[:1], ""},
		{"middle", 10, 20, body[10:30], ""},
		{"last byte", 999, 1, body[999:], ""},
		{"to the end", 990, -1, body[990:], ""},
		{"past the end", 990, 50, body[990:], ""},
		{"nothing", 10, 0, nil, ""},
		{"nothing at the end", 1000, -1, nil, ""},
		{"beyond the end", 1001, -1, nil, evidence.Invalid},
		{"nothing beyond the end", 1001, 0, nil, evidence.Invalid},
		{"before the beginning", -1, 5, nil, evidence.Invalid},
		{"negative", 0, -2, nil, evidence.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.code == "" {
				s.rangeHolds(t, ref, c.offset, c.length, c.want)
				return
			}
			_, err := s.store.Open(t.Context(), ref, c.offset, c.length)
			fails(t, err, c.code)
		})
	}
}

func (s suite) absent(t *testing.T) {
	ref := s.staging(t)
	_, err := s.store.Stat(t.Context(), ref)
	fails(t, err, evidence.NotFound)
	_, err = s.store.Open(t.Context(), ref, 0, -1)
	fails(t, err, evidence.NotFound)
	_, err = s.store.Open(t.Context(), ref, 0, 0)
	fails(t, err, evidence.NotFound)
}

func (s suite) remove(t *testing.T) {
	ref := s.put(t, s.staging(t), []byte("remainder"), evidence.Lock{}).Ref
	for range 2 {
		if err := s.store.Remove(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.store.Stat(t.Context(), ref)
	fails(t, err, evidence.NotFound)
}

// multipart writes parts in any order and one of them twice.
func (s suite) multipart(t *testing.T) {
	ctx, to := t.Context(), s.staging(t)
	first, second := random(t, partLength), random(t, 1234)
	multipart, err := s.store.Begin(ctx, to, "image/png", evidence.Lock{})
	if err != nil {
		t.Fatal(err)
	}
	var parts [2]evidence.Part
	for _, w := range []struct {
		number int
		body   []byte
	}{{2, second}, {1, random(t, partLength)}, {1, first}} {
		if parts[w.number-1], err = s.store.PutPart(ctx, to, multipart, w.number, w.body); err != nil {
			t.Fatal(err)
		}
	}
	held, err := s.store.Parts(ctx, to, multipart)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(parts[:], held); diff != "" {
		t.Fatalf("acknowledged and held parts differ:\n%s", diff)
	}
	if _, err = s.store.Stat(ctx, to); evidence.CodeOf(err) != evidence.NotFound {
		t.Fatalf("an object shows before it is complete: %v", err)
	}
	stored, err := s.store.Complete(ctx, to, multipart, parts[:])
	if err != nil {
		t.Fatal(err)
	}
	s.holds(t, stored.Ref, bytes.Join([][]byte{first, second}, nil))
	s.rangeHolds(t, stored.Ref, partLength-10, 20, bytes.Join([][]byte{first[partLength-10:], second[:10]}, nil))

	again, err := s.store.Complete(ctx, to, multipart, parts[:])
	if err != nil {
		t.Fatal("completing again:", err)
	}
	if diff := cmp.Diff(stored.Ref, again.Ref); diff != "" {
		t.Errorf("completing again made another object:\n%s", diff)
	}
	_, err = s.store.Complete(ctx, to, multipart, parts[:1])
	fails(t, err, evidence.Conflict)
	if err := s.store.Abort(ctx, to, multipart); err != nil {
		t.Fatal("aborting what is complete:", err)
	}
	s.holds(t, stored.Ref, bytes.Join([][]byte{first, second}, nil))
}

func (s suite) multipartMistakes(t *testing.T) {
	ctx, to := t.Context(), s.staging(t)
	multipart, err := s.store.Begin(ctx, to, "", evidence.Lock{})
	if err != nil {
		t.Fatal(err)
	}
	one, err := s.store.PutPart(ctx, to, multipart, 1, []byte("short"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := s.store.PutPart(ctx, to, multipart, 2, []byte("last"))
	if err != nil {
		t.Fatal(err)
	}
	other, longer := one, one
	other.ETag, longer.Length = two.ETag, 6
	for _, c := range []struct {
		name  string
		parts []evidence.Part
		code  evidence.Code
	}{
		{"none", nil, evidence.Invalid},
		{"order", []evidence.Part{two, one}, evidence.Invalid},
		{"twice", []evidence.Part{one, one}, evidence.Invalid},
		{"unknown", []evidence.Part{one, two, {Number: 3, ETag: two.ETag, Length: 4}}, evidence.Conflict},
		{"other bytes", []evidence.Part{other, two}, evidence.Conflict},
		{"other length", []evidence.Part{longer, two}, evidence.Conflict},
		{"short part that is not the last", []evidence.Part{one, two}, evidence.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.store.Complete(t.Context(), to, multipart, c.parts)
			fails(t, err, c.code)
		})
	}
	for _, number := range []int{-1, 0, 10_001} {
		_, err := s.store.PutPart(ctx, to, multipart, number, []byte("x"))
		fails(t, err, evidence.Invalid)
	}
	stored, err := s.store.Complete(ctx, to, multipart, []evidence.Part{two}) // a mistake is not the end
	if err != nil {
		t.Fatal(err)
	}
	s.holds(t, stored.Ref, []byte("last"))
}

func (s suite) abort(t *testing.T) {
	ctx, to := t.Context(), s.staging(t)
	multipart, err := s.store.Begin(ctx, to, "", evidence.Lock{})
	if err != nil {
		t.Fatal(err)
	}
	part, err := s.store.PutPart(ctx, to, multipart, 1, []byte("given up"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.store.Abort(ctx, to, multipart); err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.store.PutPart(ctx, to, multipart, 2, []byte("late"))
	fails(t, err, evidence.NotFound)
	_, err = s.store.Parts(ctx, to, multipart)
	fails(t, err, evidence.NotFound)
	_, err = s.store.Complete(ctx, to, multipart, []evidence.Part{part})
	fails(t, err, evidence.NotFound)
	_, err = s.store.Stat(ctx, to)
	fails(t, err, evidence.NotFound)
}

func (s suite) refusals(t *testing.T) {
	ctx, body := t.Context(), []byte("body")
	to := s.staging(t)
	_, err := s.store.Put(ctx, to, body, "", shortly())
	fails(t, err, evidence.Invalid)
	_, err = s.store.Put(ctx, evidence.ObjectRef{Bucket: "another", Key: to.Key}, body, "", evidence.Lock{})
	fails(t, err, evidence.Invalid)
	_, err = s.store.Put(ctx, evidence.ObjectRef{Bucket: to.Bucket}, body, "", evidence.Lock{})
	fails(t, err, evidence.Invalid)
	_, err = s.store.Begin(ctx, evidence.ObjectRef{Bucket: to.Bucket, Key: to.Key, Version: "v"}, "", evidence.Lock{})
	fails(t, err, evidence.Invalid)
}
