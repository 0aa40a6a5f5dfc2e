package app

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/grpc"
	grpccredentials "google.golang.org/grpc/credentials"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/sealcase/sealcase/evidence"
)

// authority issues certificates for a test.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, dir: t.TempDir()}
	a.cert, a.key = a.issue("ca", nil)
	return a
}

// issue writes NAME.pem and NAME.key, signed by the authority or, the first time,
// by itself.
func (a *authority) issue(name string, hosts []string) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: hosts,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true, IsCA: a.cert == nil,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	a.write(name+".pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
	a.write(name+".key", pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert, key
}

func (a *authority) write(name string, content []byte) {
	a.t.Helper()
	if err := os.WriteFile(a.file(name), content, 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a *authority) file(name string) string { return filepath.Join(a.dir, name) }

// frontend answers as Temporal's does and remembers who asked. The development
// server of Temporal speaks no TLS, so that this stands in for it.
type frontend struct {
	workflowservice.UnimplementedWorkflowServiceServer
	healthpb.UnimplementedHealthServer
	client, key string
}

// GetSystemInfo implements workflowservice.WorkflowServiceServer.
func (f *frontend) GetSystemInfo(context.Context, *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	return &workflowservice.GetSystemInfoResponse{ServerVersion: "1.29.1", Capabilities: &workflowservice.GetSystemInfoResponse_Capabilities{}}, nil
}

// Check implements healthpb.HealthServer.
func (f *frontend) Check(ctx context.Context, _ *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	from, _ := peer.FromContext(ctx)
	if info, ok := from.AuthInfo.(grpccredentials.TLSInfo); ok && len(info.State.PeerCertificates) > 0 {
		f.client = info.State.PeerCertificates[0].Subject.CommonName
	}
	if sent := metadata.ValueFromIncomingContext(ctx, "authorization"); len(sent) > 0 {
		f.key = sent[0]
	}
	return &healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_SERVING}, nil
}

func (a *authority) serve(auth tls.ClientAuthType) (*frontend, string) {
	a.t.Helper()
	certificate, err := tls.LoadX509KeyPair(a.file("server.pem"), a.file("server.key"))
	if err != nil {
		a.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	f := &frontend{}
	s := grpc.NewServer(grpc.Creds(grpccredentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{certificate}, ClientAuth: auth, ClientCAs: pool, MinVersion: tls.VersionTLS12})))
	workflowservice.RegisterWorkflowServiceServer(s, f)
	healthpb.RegisterHealthServer(s, f)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		a.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	a.t.Cleanup(func() {
		s.Stop()
		if err := <-ended; err != nil {
			a.t.Error(err)
		}
	})
	return f, l.Addr().String()
}

// health asks the server whether it works.
func (t Temporal) health(ctx context.Context) error {
	c, err := t.dialTemporal(nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err = c.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

func TestTemporalOverTLS(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	a.issue("server", []string{"temporal.example"})
	a.issue("worker", nil)
	stranger := newAuthority(t)
	stranger.issue("worker", nil)
	a.write("key", []byte("the API key\n"))
	a.write("empty", nil)

	mutual, at := a.serve(tls.RequireAndVerifyClientCert)
	good := Temporal{TemporalAddress: at, TemporalNamespace: "x", TemporalServerName: "temporal.example",
		TemporalCA: a.file("ca.pem"), TemporalCert: a.file("worker.pem"), TemporalKey: a.file("worker.key")}
	if err := good.health(t.Context()); err != nil || mutual.client != "worker" {
		t.Fatalf("known as %q, %v", mutual.client, err)
	}
	keyed, keyedAt := a.serve(tls.NoClientCert)
	byKey := Temporal{TemporalAddress: keyedAt, TemporalNamespace: "x", TemporalServerName: "temporal.example", TemporalCA: a.file("ca.pem"), TemporalAPIKeyFile: a.file("key")}
	if err := byKey.health(t.Context()); err != nil || keyed.key != "Bearer the API key" {
		t.Fatalf("sent %q, %v", keyed.key, err)
	}
	a.write("key", []byte("another key"))
	if err := byKey.health(t.Context()); err != nil || keyed.key != "Bearer another key" {
		t.Errorf("after it was replaced: sent %q, %v", keyed.key, err)
	}
	keyed.key = ""
	for name, try := range map[string]struct {
		from   Temporal
		change func(*Temporal)
		config bool // it is the configuration that is refused
	}{
		"no certificate": {good, func(c *Temporal) { c.TemporalCert, c.TemporalKey = "", "" }, false},
		"a stranger's certificate": {good, func(c *Temporal) {
			c.TemporalCert, c.TemporalKey = stranger.file("worker.pem"), stranger.file("worker.key")
		}, false},
		"a server of another name":    {good, func(c *Temporal) { c.TemporalServerName = "other.example" }, false},
		"a server of the address":     {good, func(c *Temporal) { c.TemporalServerName = "" }, false},
		"a server that nobody knows":  {byKey, func(c *Temporal) { c.TemporalCA = stranger.file("ca.pem") }, false},
		"the roots of the system":     {byKey, func(c *Temporal) { c.TemporalCA = "" }, false},
		"a certificate without a key": {good, func(c *Temporal) { c.TemporalKey = "" }, true},
		"another's key":               {good, func(c *Temporal) { c.TemporalKey = stranger.file("worker.key") }, true},
		"no such file of roots":       {good, func(c *Temporal) { c.TemporalCA = a.file("absent") }, true},
		"roots that are none":         {good, func(c *Temporal) { c.TemporalCA = a.file("worker.key") }, true},
		"no such key":                 {byKey, func(c *Temporal) { c.TemporalAPIKeyFile = a.file("absent") }, true},
		"an empty key":                {byKey, func(c *Temporal) { c.TemporalAPIKeyFile = a.file("empty") }, true},
	} {
		config := try.from
		try.change(&config)
		if err := config.health(t.Context()); err == nil || try.config != (evidence.CodeOf(err) == evidence.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if keyed.key != "" {
		t.Error("the key was sent to a server that was not known")
	}
}

// TestAPIKeyNeedsTLS: it never goes over a connection that others can read.
func TestAPIKeyNeedsTLS(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	a.write("key", []byte("the API key"))
	config, err := Temporal{TemporalAPIKeyFile: a.file("key")}.tls()
	if err != nil || config == nil {
		t.Errorf("without TLS: %v", err)
	}
	config, err = Temporal{}.tls()
	if err != nil || config != nil {
		t.Errorf("TLS that nobody asked for: %v", err)
	}
}
