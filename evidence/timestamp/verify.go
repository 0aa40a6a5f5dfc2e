package timestamp

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"github.com/sealcase/sealcase/evidence"
)

// Stamp is what a good token says.
type Stamp struct {
	At       evidence.Instant `json:"at,omitzero"`           // genTime, cut to milliseconds
	Accuracy time.Duration    `json:"accuracy_ns,omitempty"` // the true time is that far from At at most; 0 when not said
	By       string           `json:"by,omitempty"`          // subject of the authority's certificate
	Serial   string           `json:"serial,omitempty"`      // the token's, decimal
	nonce    *big.Int
}

// parsing guards pkcs7.Parse, which counts in a variable of its package while
// it reads, so that two at a time would be a data race.
var parsing sync.Mutex //nolint:gochecknoglobals // as long-lived as what it guards

// Verify checks a token in DER: it is of text, by an authority whose
// certificate is for time-stamping alone and led to one of roots at the time
// that the token says. It fails with Malformed when it cannot be read as a
// token, with UntrustedKey when the certificate is not good for it, and with
// Tampered when it is of another text or its signature is not good.
func Verify(token, text []byte, roots *x509.CertPool) (Stamp, error) {
	signed, info, err := parse(token)
	if err != nil {
		return Stamp{}, err
	}
	if err := checkSigned(signed); err != nil {
		return Stamp{}, err
	}
	if err := checkCertificate(signed.GetOnlySigner(), signed.Certificates, info.Time, roots); err != nil {
		return Stamp{}, err
	}
	sum := evidence.Sum(text)
	if info.HashAlgorithm != crypto.SHA256 || !bytes.Equal(info.HashedMessage, sum[:]) {
		return Stamp{}, evidence.Errorf(evidence.Tampered, "the time-stamp token is of other bytes")
	}
	return Stamp{
		At: evidence.At(info.Time), Accuracy: info.Accuracy, By: signed.GetOnlySigner().Subject.String(),
		Serial: info.SerialNumber.String(), nonce: info.Nonce,
	}, nil
}

// parse reads a token. Its signature is good; whose it is, is not checked yet.
func parse(token []byte) (signed *pkcs7.PKCS7, info *timestamp.Timestamp, err error) {
	malformed := func(err error) error {
		return evidence.WrapError(evidence.Malformed, err, "this is not a time-stamp token (RFC 3161)")
	}
	var whole asn1.RawValue
	if rest, err := asn1.Unmarshal(token, &whole); err != nil || len(rest) > 0 || len(token) > maxAnswer {
		return nil, nil, malformed(err)
	}
	parsing.Lock()
	defer parsing.Unlock()
	defer func() { // the library is not written for what an enemy sends
		if v := recover(); v != nil {
			signed, info, err = nil, nil, malformed(fmt.Errorf("panic: %v", v))
		}
	}()
	if signed, err = pkcs7.Parse(token); err != nil {
		return nil, nil, malformed(err)
	}
	if signed.GetOnlySigner() == nil {
		return nil, nil, malformed(errors.New("it has not exactly one signer whose certificate it holds"))
	}
	// Without roots, and at a time that is not looked at then: the signature only.
	if err := signed.VerifyWithOpts(x509.VerifyOptions{CurrentTime: signed.GetOnlySigner().NotBefore}); err != nil {
		return nil, nil, evidence.WrapError(evidence.Tampered, err, "the signature of the time-stamp token is not good")
	}
	if info, err = timestamp.Parse(token); err != nil {
		return nil, nil, malformed(err)
	}
	if info.SerialNumber == nil || info.Time.IsZero() || info.Time.Year() > 9999 {
		return nil, nil, malformed(errors.New("it says no time"))
	}
	return signed, info, nil
}

// checkSigned checks what must be signed besides the time: that it is a
// time-stamp (RFC 5652 section 11.1), and by which certificate (RFC 5816).
func checkSigned(signed *pkcs7.PKCS7) error {
	var kind asn1.ObjectIdentifier
	tstInfo := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	if err := signed.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &kind); err != nil || !kind.Equal(tstInfo) {
		return evidence.WrapError(evidence.Malformed, err, "what is signed does not say that it is a time-stamp")
	}
	digest := signed.Signers[0].DigestAlgorithm.Algorithm
	if _, ok := hashOf(digest); !ok {
		return evidence.Errorf(evidence.Malformed, "the time-stamp token is signed over a digest that is not SHA-256, SHA-384 or SHA-512")
	}
	var by struct {
		Certs []struct {
			Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
			Hash      []byte
			Issuer    asn1.RawValue `asn1:"optional"`
		}
	}
	signingCertificateV2 := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	if err := signed.UnmarshalSignedAttribute(signingCertificateV2, &by); err != nil || len(by.Certs) == 0 {
		return evidence.WrapError(evidence.Malformed, err, "the time-stamp token does not say by which certificate it is signed (RFC 5816)")
	}
	hash, ok := hashOf(by.Certs[0].Algorithm.Algorithm)
	if !ok {
		return evidence.Errorf(evidence.Malformed, "the time-stamp token names its certificate by a digest that is not known")
	}
	h := hash.New()
	h.Write(signed.GetOnlySigner().Raw)
	if !bytes.Equal(h.Sum(nil), by.Certs[0].Hash) {
		return evidence.Errorf(evidence.Tampered, "the time-stamp token is signed by another certificate than it names")
	}
	return nil
}

// hashOf returns the hash of that name; none is SHA-256 (RFC 5035 section 4).
func hashOf(oid asn1.ObjectIdentifier) (crypto.Hash, bool) {
	switch {
	case len(oid) == 0, oid.Equal(pkcs7.OIDDigestAlgorithmSHA256):
		return crypto.SHA256, true
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA384):
		return crypto.SHA384, true
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA512):
		return crypto.SHA512, true
	default:
		return 0, false
	}
}

// checkCertificate checks that a certificate was good for time-stamping, and
// for nothing else, at a time (RFC 3161 section 2.3).
func checkCertificate(cert *x509.Certificate, others []*x509.Certificate, at time.Time, roots *x509.CertPool) error {
	usage := asn1.ObjectIdentifier{2, 5, 29, 37}
	critical := slices.ContainsFunc(cert.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(usage) && e.Critical })
	if !critical || len(cert.UnknownExtKeyUsage) > 0 || !slices.Equal(cert.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}) {
		return evidence.Errorf(evidence.UntrustedKey, "the certificate of the time-stamp token is not for time-stamping alone (RFC 3161 section 2.3)")
	}
	if roots == nil { // which would mean those of the operating system
		roots = x509.NewCertPool()
	}
	between := x509.NewCertPool()
	for _, c := range others {
		between.AddCert(c)
	}
	_, err := cert.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return evidence.WrapError(evidence.UntrustedKey, err, "the certificate of the time-stamp token did not lead to a trusted root at %s", evidence.At(at))
	}
	return nil
}

// ParseRoots reads certificates in PEM, or fails with Malformed.
func ParseRoots(text []byte) (*x509.CertPool, error) {
	pool, n := x509.NewCertPool(), 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, evidence.WrapError(evidence.Malformed, err, "a certificate of the time-stamp authority's roots cannot be read")
		}
		pool.AddCert(cert)
		n++
	}
	if n == 0 {
		return nil, evidence.Errorf(evidence.Malformed, "the file of the time-stamp authority's roots has no certificate in PEM")
	}
	return pool, nil
}
