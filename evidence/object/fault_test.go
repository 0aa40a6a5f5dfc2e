package object_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
)

// TestFailuresAreTranslated answers in the place of the server what servers are
// known to say, and asks for the code that callers see.
func TestFailuresAreTranslated(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)
	if err := store.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	to := evidence.ObjectRef{Bucket: store.Buckets().Evidence, Key: "test/fault"}
	for _, c := range []struct {
		name          string
		status        int
		code, message string
		want          evidence.Code
	}{
		{"MinIO is full", 507, "XMinioStorageFull", "Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.", evidence.StorageFull},
		{"a quota is used up", 400, "XMinioAdminBucketQuotaExceeded", "Bucket quota exceeded", evidence.StorageFull},
		{"a full disk behind another store", 500, "Unheard", "write /data: no space left on device", evidence.StorageFull},
		{"a full disk without a code", 507, "", "", evidence.StorageFull},
		{"WORM as MinIO says it", 400, "InvalidRequest", "Object is WORM protected and cannot be overwritten", evidence.Conflict},
		{"another invalid request", 400, "InvalidRequest", "no", evidence.Invalid},
		{"wrong secret", 403, "SignatureDoesNotMatch", "no", evidence.Unavailable},
		{"wrong key", 403, "InvalidAccessKeyId", "no", evidence.Unavailable},
		{"clock", 403, "RequestTimeTooSkewed", "no", evidence.Unavailable},
		{"damaged on the way", 400, "XAmzContentSHA256Mismatch", "no", evidence.Unavailable},
		{"checksum", 400, "XAmzContentChecksumMismatch", "no", evidence.Unavailable},
		{"busy", 503, "SlowDown", "Please reduce your request rate", evidence.Unavailable},
		{"starting", 503, "XMinioServerNotInitialized", "Server not initialized yet", evidence.Unavailable},
		{"bucket is gone", 404, "NoSuchBucket", "no", evidence.Unavailable},
		{"too large", 400, "EntityTooLarge", "no", evidence.TooLarge},
		{"not a store of ours", 501, "NotImplemented", "no", evidence.Internal},
		{"something new", 418, "Teapot", "no", evidence.Internal},
	} {
		t.Run(c.name, func(t *testing.T) {
			network.set(func(r *http.Request) (*http.Response, error) { return says(r, c.status, c.code, c.message), nil })
			defer network.heal()
			_, err := store.Put(t.Context(), to, []byte("body"), "", lockShortly())
			if got := evidence.CodeOf(err); got != c.want {
				t.Errorf("got %q, want %q: %v", got, c.want, err)
			}
			if strings.Contains(evidence.MessageOf(err), config.AccessKey) {
				t.Error("the message shows a credential")
			}
		})
	}
	if _, err := store.Stat(t.Context(), to); evidence.CodeOf(err) != evidence.NotFound {
		t.Errorf("something was stored: %v", err)
	}
}

func TestServerIsAway(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)
	network.set(down)
	to := evidence.ObjectRef{Bucket: store.Buckets().Staging, Key: "test/away"}
	if _, err := store.Put(t.Context(), to, []byte("x"), "", evidence.Lock{}); evidence.CodeOf(err) != evidence.Unavailable {
		t.Errorf("Put: %v", err)
	}
	if err := store.Health(t.Context()); evidence.CodeOf(err) != evidence.Unavailable {
		t.Errorf("Health: %v", err)
	}
	network.heal()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := store.Put(ctx, to, []byte("x"), "", evidence.Lock{})
	if evidence.CodeOf(err) != evidence.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := store.Health(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestLostAnswer completes an object whose answer is lost on the way: asking
// again gives that object and makes no second one.
func TestLostAnswer(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)
	ctx := t.Context()
	to := evidence.ObjectRef{Bucket: store.Buckets().Evidence, Key: "test/lost-answer"}
	multipart, err := store.Begin(ctx, to, "", lockShortly())
	if err != nil {
		t.Fatal(err)
	}
	part, err := store.PutPart(ctx, to, multipart, 1, []byte("once"))
	if err != nil {
		t.Fatal(err)
	}
	network.set(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodPost || !r.URL.Query().Has("uploadId") {
			return nil, nil
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			resp.Body.Close()
		}
		network.heal()
		return nil, errors.New("connection reset by peer")
	})
	stored, err := store.Complete(ctx, to, multipart, []evidence.Part{part})
	if err != nil {
		t.Fatal(err)
	}
	newest, err := store.Stat(ctx, evidence.ObjectRef{Bucket: to.Bucket, Key: to.Key})
	if err != nil {
		t.Fatal(err)
	}
	if newest.Ref != stored.Ref || stored.Length != 4 {
		t.Errorf("completed %v of %d bytes, stored is %v", stored.Ref, stored.Length, newest.Ref)
	}
}

// TestBytesChangeOnTheWay flips a byte of each body after it was signed: the
// server refuses it, and nothing is stored.
func TestBytesChangeOnTheWay(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)
	ctx := t.Context()
	to := evidence.ObjectRef{Bucket: store.Buckets().Staging, Key: "test/flipped"}
	multipart, err := store.Begin(ctx, to, "", evidence.Lock{})
	if err != nil {
		t.Fatal(err)
	}
	network.set(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPut {
			r.Body = io.NopCloser(strings.NewReader(strings.Replace(bodyOf(r), "good", "evil", 1)))
		}
		return nil, nil
	})
	if _, err := store.Put(ctx, to, []byte("good bytes"), "", evidence.Lock{}); evidence.CodeOf(err) != evidence.Unavailable {
		t.Errorf("Put: %v", err)
	}
	if _, err := store.PutPart(ctx, to, multipart, 1, []byte("good bytes")); evidence.CodeOf(err) != evidence.Unavailable {
		t.Errorf("PutPart: %v", err)
	}
	network.heal()
	if _, err := store.Stat(ctx, to); evidence.CodeOf(err) != evidence.NotFound {
		t.Errorf("damaged bytes were stored: %v", err)
	}
	if parts, err := store.Parts(ctx, to, multipart); err != nil || len(parts) != 0 {
		t.Errorf("damaged parts were stored: %v, %v", parts, err)
	}
}

// TestBodyBreaksOff ends a download early: that is an error, never a short file.
func TestBodyBreaksOff(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)
	stored, err := store.Put(t.Context(), evidence.ObjectRef{Bucket: store.Buckets().Staging, Key: "test/breaks"}, []byte("whole body"), "", evidence.Lock{})
	if err != nil {
		t.Fatal(err)
	}
	network.set(altered(func(resp *http.Response) {
		if resp.Request.Method == http.MethodGet {
			resp.Body = io.NopCloser(io.LimitReader(resp.Body, 5))
		}
	}))
	body, err := store.Open(t.Context(), stored.Ref, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	read, err := io.ReadAll(body)
	if string(read) != "whole" || evidence.CodeOf(err) != evidence.Unavailable || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("read %q, %v", read, err)
	}
}

// TestDamagedBytes answers as MinIO does when what its drives hold does not
// match its checksums, from the beginning and in the middle of an object. Only
// its health tells that from drives that are away.
func TestDamagedBytes(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)
	stored, err := store.Put(t.Context(), evidence.ObjectRef{Bucket: store.Buckets().Staging, Key: "test/damaged"}, []byte("whole body"), "", evidence.Lock{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		good   int64 // bytes before the damage
		breaks bool  // asked for what comes next, it breaks off again
		health int
		want   evidence.Code
	}{
		"at the beginning":               {0, false, http.StatusOK, evidence.Tampered},
		"in the middle":                  {5, false, http.StatusOK, evidence.Tampered},
		"in the middle, and breaks off":  {5, true, http.StatusOK, evidence.Tampered},
		"drives are away":                {0, false, http.StatusServiceUnavailable, evidence.Unavailable},
		"drives go away in between":      {5, false, http.StatusServiceUnavailable, evidence.Unavailable},
		"drives go away, and breaks off": {5, true, http.StatusServiceUnavailable, evidence.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			cut := func(n int64) fault {
				return altered(func(resp *http.Response) { resp.Body = io.NopCloser(io.LimitReader(resp.Body, n)) })
			}
			network.set(func(r *http.Request) (*http.Response, error) {
				switch {
				case strings.HasPrefix(r.URL.Path, "/minio/health/"):
					return answer(r, c.health, ""), nil
				case c.good > 0 && r.Header.Get("Range") == "":
					return cut(c.good)(r)
				case c.breaks:
					return cut(2)(r)
				}
				return says(r, http.StatusServiceUnavailable, "SlowDownRead", "Resource requested is unreadable, please reduce your request rate"), nil
			})
			defer network.heal()
			var read []byte
			body, err := store.Open(t.Context(), stored.Ref, 0, -1)
			if err == nil {
				defer body.Close()
				read, err = io.ReadAll(body)
			}
			if string(read) != "whole body"[:c.good] || evidence.CodeOf(err) != c.want {
				t.Errorf("read %q, %v, want %s", read, err, c.want)
			}
		})
	}
}

// TestStoreSaysSomethingElse acknowledges a write and then states another
// length, another version or no lock.
func TestStoreSaysSomethingElse(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)
	if err := store.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	to := evidence.ObjectRef{Bucket: store.Buckets().Evidence, Key: "test/says"}
	stored, err := store.Put(t.Context(), to, []byte("body"), "", lockShortly())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		alter func(*http.Response)
		want  evidence.Code
	}{
		{"length", func(resp *http.Response) { resp.Header.Set("Content-Length", "3") }, evidence.LengthMismatch},
		{"lock", func(resp *http.Response) { resp.Header.Del("X-Amz-Object-Lock-Mode") }, evidence.StorageUnsafe},
		{"weaker lock", func(resp *http.Response) { resp.Header.Set("X-Amz-Object-Lock-Mode", "GOVERNANCE") }, evidence.StorageUnsafe},
		{"shorter lock", func(resp *http.Response) {
			resp.Header.Set("X-Amz-Object-Lock-Retain-Until-Date", time.Now().UTC().Format(time.RFC3339))
		}, evidence.StorageUnsafe},
		{"no version", func(resp *http.Response) { resp.Header.Del("X-Amz-Version-Id") }, evidence.StorageUnsafe},
	} {
		t.Run(c.name, func(t *testing.T) {
			network.set(altered(c.alter))
			defer network.heal()
			_, err := store.Put(t.Context(), to, []byte("body"), "", lockShortly())
			if got := evidence.CodeOf(err); got != c.want {
				t.Errorf("got %q, want %q: %v", got, c.want, err)
			}
		})
	}
	network.set(altered(func(resp *http.Response) { resp.Header.Set("X-Amz-Version-Id", "another") }))
	if _, err := store.Open(t.Context(), stored.Ref, 0, -1); evidence.CodeOf(err) != evidence.StorageUnsafe {
		t.Errorf("another version was read: %v", err)
	}
}

// TestManyParts lists more parts than a server names in one answer.
func TestManyParts(t *testing.T) {
	const many = 1003
	store := open(t, configFor(servertest.S3(t)))
	to := evidence.ObjectRef{Bucket: store.Buckets().Staging, Key: "test/many"}
	multipart, err := store.Begin(t.Context(), to, "", evidence.Lock{})
	if err != nil {
		t.Fatal(err)
	}
	var writing errgroup.Group
	writing.SetLimit(8)
	for number := 1; number <= many; number++ {
		writing.Go(func() error {
			_, err := store.PutPart(t.Context(), to, multipart, number, []byte{byte(number)})
			return err
		})
	}
	if err := writing.Wait(); err != nil {
		t.Fatal(err)
	}
	parts, err := store.Parts(t.Context(), to, multipart)
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) != many || parts[many-1].Number != many {
		t.Errorf("%d parts, the last is %v", len(parts), parts[len(parts)-1])
	}
	if err := store.Abort(t.Context(), to, multipart); err != nil {
		t.Fatal(err)
	}
}
