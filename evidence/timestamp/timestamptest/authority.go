// Package timestamptest is a time-stamp authority for tests: a certificate
// authority of its own, RFC 3161 over HTTP, real tokens. It can also misbehave,
// in the ways in which a real one cannot be made to.
package timestamptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// Authority is a running time-stamp authority.
type Authority struct {
	URL   string // where it is asked
	Roots []byte // its root in PEM, for whoever is to believe it

	t      testing.TB
	ca     *x509.Certificate
	caKey  *ecdsa.PrivateKey
	server *httptest.Server

	mu       sync.Mutex
	cert     *x509.Certificate
	key      *ecdsa.PrivateKey
	change   func(*timestamp.Timestamp) // of what is stamped, before it is signed
	instead  http.HandlerFunc           // of an answer
	answered int
}

// Certified says how the certificate that signs tokens differs from a good one.
type Certified struct {
	Usages      []x509.ExtKeyUsage // time-stamping when nil
	NotCritical bool               // the usage is an extension that may be ignored
	NotAfter    time.Time          // in a day when zero
}

// New starts an authority that ends with the test.
func New(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{t: t}
	now := time.Now()
	a.caKey = a.newKey()
	a.ca = a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test root"}, NotBefore: now.Add(-48 * time.Hour), NotAfter: now.Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil, a.caKey)
	a.Roots = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.ca.Raw})
	a.Certify(Certified{})
	a.server = httptest.NewServer(http.HandlerFunc(a.answer))
	t.Cleanup(a.server.Close)
	a.URL = a.server.URL + "/tsr"
	return a
}

// RootsFile writes the root into a file of the test's.
func (a *Authority) RootsFile() string {
	path := filepath.Join(a.t.TempDir(), "roots.pem")
	a.check(os.WriteFile(path, a.Roots, 0o600))
	return path
}

// Certify gives the authority a certificate of another kind.
func (a *Authority) Certify(c Certified) {
	a.t.Helper()
	if c.Usages == nil {
		c.Usages = []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}
	}
	if c.NotAfter.IsZero() {
		c.NotAfter = time.Now().Add(24 * time.Hour)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "Test time-stamp authority"},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: c.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: c.Usages,
	}
	if !c.NotCritical {
		oids := map[x509.ExtKeyUsage]asn1.ObjectIdentifier{
			x509.ExtKeyUsageTimeStamping: {1, 3, 6, 1, 5, 5, 7, 3, 8}, x509.ExtKeyUsageServerAuth: {1, 3, 6, 1, 5, 5, 7, 3, 1},
		}
		var usages []asn1.ObjectIdentifier
		for _, u := range c.Usages {
			usages = append(usages, oids[u])
		}
		value, err := asn1.Marshal(usages)
		a.check(err)
		template.ExtKeyUsage = nil
		template.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: value}}
	}
	key := a.newKey()
	cert := a.sign(template, a.ca, key)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cert, a.key = cert, key
}

// Change has f change what is stamped before it is signed; nil for nothing.
func (a *Authority) Change(f func(*timestamp.Timestamp)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.change = f
}

// Instead has f answer; nil for the authority itself.
func (a *Authority) Instead(f http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.instead = f
}

// Answered returns how many tokens were given.
func (a *Authority) Answered() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.answered
}

func (a *Authority) answer(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	instead := a.instead
	a.mu.Unlock()
	if instead != nil {
		instead(w, r)
		return
	}
	query, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil {
		return
	}
	reply, err := a.stamp(query)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(reply)
}

// stamp answers a query.
func (a *Authority) stamp(query []byte) ([]byte, error) {
	q, err := timestamp.ParseRequest(query)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	s := &timestamp.Timestamp{
		HashAlgorithm: q.HashAlgorithm, HashedMessage: q.HashedMessage, Time: time.Now().UTC(), Nonce: q.Nonce,
		Policy: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}, Accuracy: time.Second, AddTSACertificate: q.Certificates,
	}
	if a.change != nil {
		a.change(s)
	}
	a.answered++
	return s.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
}

func (a *Authority) newKey() *ecdsa.PrivateKey {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	a.check(err)
	return key
}

// sign returns the certificate of key, by parent or by itself.
func (a *Authority) sign(template, parent *x509.Certificate, key *ecdsa.PrivateKey) *x509.Certificate {
	a.t.Helper()
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), a.caKey)
	a.check(err)
	cert, err := x509.ParseCertificate(der)
	a.check(err)
	return cert
}

func (a *Authority) check(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}
