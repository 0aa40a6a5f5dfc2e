// Package client speaks to a Sealcase server over HTTP for the command line.
// It knows the interface (package api) and nothing of what is behind it.
//
// Every failure is an evidence.Error with the code that the server gave:
// Unavailable when the server does not answer at all.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// Client is a connection to one server, as one person. It is safe for
// concurrent use.
type Client struct {
	base  string // https://host, without a slash at the end
	token string
	agent string
	http  *http.Client
}

// maxAnswer bounds an answer that is read whole.
const maxAnswer = 64 << 20

// New returns a client of the server at address. token is empty before the
// sign-in.
func New(address, token, version string) (*Client, error) {
	u, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, evidence.Errorf(evidence.Invalid, "%q is not the address of a server, such as https://sealcase.example", address)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	transport.ResponseHeaderTimeout = 5 * time.Minute // completing a large upload takes a while
	transport.ExpectContinueTimeout = 2 * time.Second
	return &Client{
		base: u.String(), token: token, agent: "sealcase/" + version + " (cli)",
		http: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a token is for this server only
		}},
	}, nil
}

// Base returns the server's address.
func (c *Client) Base() string { return c.base }

// Plain reports whether what is sent could be read on the way: no TLS, and not
// this very machine.
func (c *Client) Plain() bool {
	u, err := url.Parse(c.base)
	if err != nil || u.Scheme == "https" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

// at builds a path below the interface; parts are escaped.
func at(parts ...string) string {
	var b strings.Builder
	b.WriteString("/api/v1")
	for _, p := range parts {
		b.WriteString("/" + url.PathEscape(p))
	}
	return b.String()
}

// request is one exchange.
type request struct {
	method, path string
	query        url.Values
	header       http.Header
	in           any       // sent as JSON
	body         io.Reader // or sent as it is
	length       int64     // of body
}

// send sends r. The caller closes the answer's body, which is whatever the
// server sent with a status below 400.
func (c *Client) send(ctx context.Context, r request) (*http.Response, error) {
	body, length := r.body, r.length
	if r.in != nil {
		raw, err := json.Marshal(r.in)
		if err != nil {
			return nil, fmt.Errorf("writing a request: %w", err)
		}
		body, length = bytes.NewReader(raw), int64(len(raw))
	}
	address := c.base + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, fmt.Errorf("making a request: %w", err)
	}
	if body != nil {
		req.ContentLength = length
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	if r.in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	req.Header.Set("User-Agent", c.agent)
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, evidence.WrapError(evidence.Unavailable, err, "%s does not answer. Check the address and the network, then try again", c.base)
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		defer resp.Body.Close()
		return nil, problem(resp)
	}
	return resp, nil
}

// call sends r and reads the answer into out, unless that is nil.
func (c *Client) call(ctx context.Context, r request, out any) (*http.Response, error) {
	resp, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, evidence.WrapError(evidence.Unavailable, err, "the answer of %s broke off", c.base)
	}
	if out == nil {
		return resp, nil
	}
	if b, ok := out.(*[]byte); ok {
		*b = raw
		return resp, nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return nil, evidence.WrapError(evidence.Malformed, err, "the answer of %s is not one of Sealcase", c.base)
	}
	return resp, nil
}

// problem returns the failure that an answer reports.
func problem(resp *http.Response) error {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	var p api.Problem
	if err != nil || json.Unmarshal(raw, &p) != nil || p.Code == "" {
		return evidence.Errorf(codeOf(resp), "the server answered %s", resp.Status)
	}
	message := p.Detail
	if p.Try != "" && !strings.Contains(message, p.Try) && p.Code != evidence.Invalid {
		message += " " + p.Try
	}
	return evidence.Errorf(p.Code, "%s", message)
}

// codeOf returns the code of a failure without words: the answer to a HEAD, or
// of something that stands between us and the server.
func codeOf(resp *http.Response) evidence.Code {
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		return evidence.Unauthenticated
	case resp.StatusCode == http.StatusForbidden:
		return evidence.Forbidden
	case resp.StatusCode == http.StatusNotFound:
		return evidence.NotFound
	case resp.StatusCode == http.StatusConflict || resp.StatusCode == http.StatusLocked:
		return evidence.Conflict
	case resp.StatusCode >= http.StatusInternalServerError:
		return evidence.Unavailable
	}
	return evidence.Malformed
}
