package object_test

import (
	"crypto/rand"
	"io"
	"strconv"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
)

// BenchmarkPut measures a small object, locked, as the server then states it.
func BenchmarkPut(b *testing.B) {
	store := open(b, configFor(servertest.S3(b)))
	body := make([]byte, 4<<10)
	n := 0
	for b.Loop() {
		n++
		to := evidence.ObjectRef{Bucket: store.Buckets().Evidence, Key: "bench/" + strconv.Itoa(n)}
		if _, err := store.Put(b.Context(), to, body, "", lockShortly()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPutPart measures a part on its way in, the same part again and again.
func BenchmarkPutPart(b *testing.B) {
	store := open(b, configFor(servertest.S3(b)))
	body := make([]byte, 16<<20)
	if _, err := rand.Read(body); err != nil {
		b.Fatal(err)
	}
	to := evidence.ObjectRef{Bucket: store.Buckets().Staging, Key: "bench/part"}
	multipart, err := store.Begin(b.Context(), to, "", evidence.Lock{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.PutPart(b.Context(), to, multipart, 1, body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead measures reading back.
func BenchmarkRead(b *testing.B) {
	store := open(b, configFor(servertest.S3(b)))
	body := make([]byte, 64<<20)
	if _, err := rand.Read(body); err != nil {
		b.Fatal(err)
	}
	stored, err := store.Put(b.Context(), evidence.ObjectRef{Bucket: store.Buckets().Staging, Key: "bench/read"}, body, "", evidence.Lock{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := store.Open(b.Context(), stored.Ref, 0, -1)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}

// BenchmarkProbe measures what a start costs.
func BenchmarkProbe(b *testing.B) {
	store := open(b, configFor(servertest.S3(b)))
	for b.Loop() {
		if err := store.Probe(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
