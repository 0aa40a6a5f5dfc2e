package witness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

const (
	// askLimit is how long one request to a witness may take.
	askLimit = 10 * time.Second
	// maxAnswer is how long an answer may be, in bytes: signature lines, of
	// which there may be several and long ones.
	maxAnswer = 64 << 10
	// maxSkew is how far a witness's clock may be from ours: a cosignature is
	// evidence of when something was there.
	maxSkew = time.Hour
)

// Client asks one witness. It is safe for concurrent use.
type Client struct {
	address string // submission prefix, without a slash at its end
	key     evidence.WitnessKey
	http    *http.Client
	clock   func() time.Time
}

// ClientConfig says which witness is asked, and how.
type ClientConfig struct {
	URL   string              // the witness's submission prefix: https://witness.example
	Key   evidence.WitnessKey // its key, known from elsewhere than from the witness
	HTTP  *http.Client        // one with a limit of 10 s and without redirects when nil
	Clock func() time.Time    // time.Now when nil
}

// NewClient returns a Client, or Invalid when the address is no http(s)
// address. It performs no input or output.
func NewClient(c ClientConfig) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, evidence.Errorf(evidence.Invalid, "the address of witness %s is not like https://witness.example", c.Key.Name)
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
	return &Client{address: strings.TrimRight(c.URL, "/"), key: c.Key, http: c.HTTP, clock: c.Clock}, nil
}

// Name returns the name of the witness's key.
func (c *Client) Name() string { return c.key.Name }

// Key returns the witness's key.
func (c *Client) Key() evidence.WitnessKey { return c.key }

// Cosign asks the witness to cosign a signed checkpoint, given that it cosigned
// the one of size old last and that proof leads from there (RFC 6962 section
// 2.1.2). The answer's line is good: by this witness's key, of this
// checkpoint, at about our time. A repeat does no harm. It fails with
//
//   - Conflict: the witness cosigned another size than old, which the answer
//     says; ask again with a proof from there;
//   - Tampered: with ErrRolledBack, it cosigned a larger checkpoint, whose size
//     the answer says; with ErrForked, the checkpoint does not continue what it
//     cosigned; with neither, its cosignature is not good;
//   - UntrustedKey: it answered with another key than its own;
//   - Forbidden, NotFound: it does not know our key, or our log;
//   - Malformed: its answer cannot be read, or its clock is off;
//   - Unavailable: it does not answer, or says that it cannot;
//   - Invalid: what it is asked cannot be asked.
func (c *Client) Cosign(ctx context.Context, old int64, proof []ledger.Hash, checkpoint []byte) (evidence.Cosigning, error) {
	none := evidence.Cosigning{Size: -1}
	cp, err := ledger.ParseCheckpoint(checkpoint)
	if err != nil || old < 0 || old > cp.Size || len(proof) > maxProof {
		return none, evidence.WrapError(evidence.Invalid, err, "this cannot be given to a witness to cosign")
	}
	status, kind, answer, err := c.ask(ctx, submission{old, proof, checkpoint}.write())
	if err != nil {
		return none, err
	}
	switch status {
	case http.StatusOK:
		return c.cosigned(cp, checkpoint, answer)
	case http.StatusConflict:
		return c.conflict(cp, old, kind, answer)
	case http.StatusUnprocessableEntity:
		return none, evidence.WrapError(evidence.Tampered, evidence.ErrForked,
			"witness %s: the log at %d entries does not continue the one that the witness cosigned at %d", c.Name(), cp.Size, old)
	case http.StatusForbidden:
		return none, evidence.Errorf(evidence.Forbidden, "witness %s does not trust the key that signed the checkpoint; tell whoever runs it that the key changed", c.Name())
	case http.StatusNotFound:
		return none, evidence.Errorf(evidence.NotFound, "witness %s does not know the log %s; ask whoever runs it to accept it", c.Name(), cp.Origin)
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		return none, evidence.Errorf(evidence.Invalid, "witness %s cannot read our request (%d)", c.Name(), status)
	default:
		return none, evidence.Errorf(evidence.Unavailable, "witness %s cannot cosign now (%d); it is asked again", c.Name(), status)
	}
}

// ask sends a submission and reads the whole answer.
func (c *Client) ask(ctx context.Context, body []byte) (status int, kind string, answer []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address+addCheckpoint, bytes.NewReader(body))
	if err != nil {
		return 0, "", nil, evidence.WrapError(evidence.Internal, err, "asking witness %s", c.Name())
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	response, err := c.http.Do(request)
	if err != nil {
		return 0, "", nil, evidence.WrapError(evidence.Unavailable, err, "witness %s does not answer; it is asked again", c.Name())
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return 0, "", nil, evidence.WrapError(evidence.Unavailable, err, "witness %s broke off; it is asked again", c.Name())
	case len(answer) > maxAnswer:
		return 0, "", nil, evidence.Errorf(evidence.Malformed, "witness %s answers with more than %d bytes", c.Name(), maxAnswer)
	}
	kind, _, _ = mime.ParseMediaType(response.Header.Get("Content-Type"))
	return response.StatusCode, kind, answer, nil
}

// cosigned picks our witness's line out of an answer; others are passed over,
// as the protocol wants.
func (c *Client) cosigned(cp ledger.Checkpoint, checkpoint, answer []byte) (evidence.Cosigning, error) {
	none := evidence.Cosigning{Size: -1}
	text, err := ledger.Text(checkpoint)
	if err != nil {
		return none, fmt.Errorf("reading what was cosigned: %w", err)
	}
	// On their own, so that a line of the answer cannot clash with one of ours.
	_, found, err := ledger.OpenCosignatures(append(append(text, '\n'), answer...), []evidence.WitnessKey{c.key})
	switch {
	case evidence.CodeOf(err) == evidence.Malformed:
		return none, evidence.WrapError(evidence.Malformed, err, "the answer of witness %s is not made of signature lines", c.Name())
	case err != nil:
		return none, err
	case len(found) == 0:
		return none, evidence.Errorf(evidence.UntrustedKey, "witness %s answered with another key than %s; its cosignature is not used", c.Name(), c.key.ID())
	}
	if skew := found[0].At.Time().Sub(c.clock()); skew > maxSkew || skew < -maxSkew {
		return none, evidence.Errorf(evidence.Malformed, "witness %s says that it cosigned at %s, which is not now; one of the two clocks is wrong", c.Name(), found[0].At)
	}
	return evidence.Cosigning{Line: found[0].Line, At: found[0].At, Size: cp.Size}, nil
}

// conflict reads what the witness has instead.
func (c *Client) conflict(cp ledger.Checkpoint, old int64, kind string, answer []byte) (evidence.Cosigning, error) {
	digits, ended := strings.CutSuffix(string(answer), "\n")
	size, err := parseSize(digits)
	switch {
	case kind != sizeType || !ended || err != nil:
		return evidence.Cosigning{Size: -1}, evidence.Errorf(evidence.Malformed, "witness %s refuses without saying which size it has", c.Name())
	case size == old && old == cp.Size: // the root is what differs
		return evidence.Cosigning{Size: size}, evidence.WrapError(evidence.Tampered, evidence.ErrForked,
			"witness %s cosigned another log of %d entries", c.Name(), size)
	case size == old:
		return evidence.Cosigning{Size: -1}, evidence.Errorf(evidence.Malformed, "witness %s refuses size %d and says that it has it", c.Name(), old)
	case size > cp.Size:
		return evidence.Cosigning{Size: size}, evidence.WrapError(evidence.Tampered, evidence.ErrRolledBack,
			"witness %s cosigned the log at %d entries, and ours has %d", c.Name(), size, cp.Size)
	}
	return evidence.Cosigning{Size: size}, evidence.Errorf(evidence.Conflict, "witness %s cosigned %d entries last, not %d", c.Name(), size, old)
}
