package timestamp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/digitorus/timestamp"

	"github.com/sealcase/sealcase/evidence"
)

const (
	askLimit  = 15 * time.Second
	maxAnswer = 64 << 10  // bytes; a token with its chain has a few thousand
	maxSkew   = time.Hour // between the authority's clock and ours
	queryType = "application/timestamp-query"
	replyType = "application/timestamp-reply"
)

// Config says which authority is asked, and how.
type Config struct {
	URL    string           // http or https; may hold a login, which Name leaves out
	Roots  *x509.CertPool   // whom its certificate must lead to
	HTTP   *http.Client     // one with a limit of 15 s and without redirects when nil
	Clock  func() time.Time // time.Now when nil
	Random io.Reader        // crypto/rand.Reader when nil
}

// Client asks one authority. It is safe for concurrent use.
type Client struct {
	Config
	name string
}

// New returns a Client, or Invalid when the address is no http(s) address or no
// root is given. It performs no input or output.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, evidence.Errorf(evidence.Invalid, "the address of the time-stamp authority is not like https://tsa.example/tsr")
	}
	if c.Roots == nil {
		return nil, evidence.Errorf(evidence.Invalid, "a time-stamp authority is believed by its roots; name a file of certificates")
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{
			Timeout:       askLimit,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	u.User = nil
	return &Client{Config: c, name: u.String()}, nil
}

// Name returns the authority's address, without a login.
func (c *Client) Name() string { return c.name }

// Stamp has the authority stamp text and returns the token in DER and its time.
// The token is good: Verify accepts it. A repeat does no harm. It fails with
//
//   - UntrustedKey: the certificate does not lead to a root, or is not for
//     time-stamping;
//   - Tampered: the token is of other bytes or another request, or its
//     signature is not good;
//   - Malformed: the answer cannot be read, or the authority's clock is off;
//   - Forbidden: the authority refuses the request;
//   - Unavailable: it does not answer, or says that it cannot.
func (c *Client) Stamp(ctx context.Context, text []byte) (token []byte, at evidence.Instant, err error) {
	nonce, err := rand.Int(c.Random, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, at, evidence.WrapError(evidence.Internal, err, "drawing a nonce")
	}
	sum := evidence.Sum(text)
	query, err := (&timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: sum[:], Certificates: true, Nonce: nonce}).Marshal()
	if err != nil {
		return nil, at, evidence.WrapError(evidence.Internal, err, "writing a time-stamp query")
	}
	answer, err := c.ask(ctx, query)
	if err != nil {
		return nil, at, err
	}
	if token, err = c.tokenOf(answer); err != nil {
		return nil, at, err
	}
	stamp, err := Verify(token, text, c.Roots)
	if err != nil {
		return nil, at, err
	}
	if stamp.nonce == nil || stamp.nonce.Cmp(nonce) != 0 {
		return nil, at, evidence.Errorf(evidence.Tampered, "the authority %s answered another request than ours; its token is not used", c.name)
	}
	if skew := stamp.At.Time().Sub(c.Clock()); skew > maxSkew || skew < -maxSkew {
		return nil, at, evidence.Errorf(evidence.Malformed, "the authority %s says that it is %s; one of the two clocks is wrong", c.name, stamp.At)
	}
	return token, stamp.At, nil
}

// ask sends a query and reads the whole answer (RFC 3161 section 3.4).
func (c *Client) ask(ctx context.Context, query []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(query))
	if err != nil {
		return nil, evidence.Errorf(evidence.Internal, "asking the authority %s", c.name) // the cause may quote a login
	}
	request.Header.Set("Content-Type", queryType)
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, evidence.WrapError(evidence.Unavailable, withoutAddress(err), "the time-stamp authority %s does not answer; it is asked again", c.name)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil, evidence.WrapError(evidence.Unavailable, err, "the time-stamp authority %s broke off; it is asked again", c.name)
	case response.StatusCode != http.StatusOK:
		return nil, evidence.Errorf(evidence.Unavailable, "the time-stamp authority %s cannot stamp now (%d); it is asked again", c.name, response.StatusCode)
	case len(answer) > maxAnswer || kind != replyType:
		return nil, evidence.Errorf(evidence.Malformed, "the time-stamp authority %s answers with something that is no time-stamp reply", c.name)
	}
	return answer, nil
}

// withoutAddress returns what keeps a request from being answered, without the
// address, in which a login may stand.
func withoutAddress(err error) error {
	if u, ok := err.(*url.Error); ok { //nolint:errorlint // what http.Client.Do returns, as it documents
		return u.Err
	}
	return err
}

// tokenOf returns the token of a reply (RFC 3161 section 2.4.2).
func (c *Client) tokenOf(answer []byte) ([]byte, error) {
	var reply struct {
		Status struct{ Status int }
		Token  asn1.RawValue `asn1:"optional"`
	}
	rest, err := asn1.Unmarshal(answer, &reply)
	switch {
	case err != nil || len(rest) > 0:
		return nil, evidence.WrapError(evidence.Malformed, err, "the reply of the time-stamp authority %s cannot be read", c.name)
	case reply.Status.Status != int(timestamp.Granted) && reply.Status.Status != int(timestamp.GrantedWithMods):
		return nil, evidence.Errorf(evidence.Forbidden, "the time-stamp authority %s refuses: %s", c.name, timestamp.Status(reply.Status.Status))
	case len(reply.Token.FullBytes) == 0:
		return nil, evidence.Errorf(evidence.Malformed, "the reply of the time-stamp authority %s has no token", c.name)
	}
	return reply.Token.FullBytes, nil
}

// Check returns nil when token is a good one of text, by the client's roots; it
// fails as Verify does, and asks nobody.
func (c *Client) Check(token, text []byte) error {
	_, err := Verify(token, text, c.Roots)
	return err
}
