package object_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

// faulty is a network between us and a real server that behaves badly as long
// as it is told to.
type faulty struct {
	fault atomic.Pointer[fault]
}

// fault answers instead of the server, or returns nil to let a request pass.
type fault func(*http.Request) (*http.Response, error)

func (f *faulty) set(fault fault) { f.fault.Store(&fault) }

func (f *faulty) heal() { f.fault.Store(nil) }

func (f *faulty) RoundTrip(r *http.Request) (*http.Response, error) {
	if fault := f.fault.Load(); fault != nil {
		if resp, err := (*fault)(r); resp != nil || err != nil {
			if r.Body != nil {
				r.Body.Close()
			}
			return resp, err
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// answer is a response of a server.
func answer(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/xml"}}, Body: io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)), Request: r}
}

// says is the error document of S3.
func says(r *http.Request, status int, code, message string) *http.Response {
	return answer(r, status, "<Error><Code>"+code+"</Code><Message>"+message+"</Message></Error>")
}

// down is a server that nobody reaches.
func down(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }

// altered lets a request pass and alters its answer.
func altered(alter func(*http.Response)) fault {
	return func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			alter(resp)
		}
		return resp, err
	}
}

// bodyOf reads the body of a request and puts it back.
func bodyOf(r *http.Request) string {
	if r.Body == nil {
		return ""
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return ""
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return string(raw)
}
