package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"strings"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	sdklog "go.temporal.io/sdk/log"

	"github.com/sealcase/sealcase/evidence"
)

// Temporal says where the workflow engine is, and how a process proves to it who
// it is: by a certificate of its own, or by an API key.
type Temporal struct {
	TemporalAddress    string `name:"temporal-address" env:"SEALCASE_TEMPORAL_ADDRESS" required:"" help:"Temporal: host:port."`
	TemporalNamespace  string `name:"temporal-namespace" env:"SEALCASE_TEMPORAL_NAMESPACE" default:"sealcase" help:"Namespace."`
	TemporalQueue      string `name:"temporal-queue" env:"SEALCASE_TEMPORAL_QUEUE" default:"sealcase" help:"Task queue."`
	TemporalTLS        bool   `name:"temporal-tls" env:"SEALCASE_TEMPORAL_TLS" help:"Temporal has TLS; also said by each of the following."`
	TemporalCA         string `name:"temporal-tls-ca" env:"SEALCASE_TEMPORAL_TLS_CA" placeholder:"FILE" help:"Certificates (PEM) that Temporal's must lead to; those of the system when empty."`
	TemporalCert       string `name:"temporal-tls-cert" env:"SEALCASE_TEMPORAL_TLS_CERT" placeholder:"FILE" help:"Certificate of this process (PEM), for mutual TLS."`
	TemporalKey        string `name:"temporal-tls-key" env:"SEALCASE_TEMPORAL_TLS_KEY" placeholder:"FILE" help:"Key of that certificate (PEM)."`
	TemporalServerName string `name:"temporal-tls-server-name" env:"SEALCASE_TEMPORAL_TLS_SERVER_NAME" help:"Name in Temporal's certificate, where it is not that of the address."`
	TemporalAPIKeyFile string `name:"temporal-api-key-file" env:"SEALCASE_TEMPORAL_API_KEY_FILE" placeholder:"FILE" help:"File with an API key; read anew at each request, so that it can be replaced."`
}

// dialTemporal returns a client of Temporal, which connects when it is first
// used. data and failures convert what Temporal keeps; nil for a client that
// gives it nothing.
func (t Temporal) dialTemporal(data converter.DataConverter, failures converter.FailureConverter, logger *slog.Logger) (client.Client, error) {
	o := client.Options{
		HostPort: t.TemporalAddress, Namespace: t.TemporalNamespace, Logger: sdklog.NewStructuredLogger(logger),
		DataConverter: data, FailureConverter: failures,
	}
	var err error
	if o.ConnectionOptions.TLS, err = t.tls(); err != nil {
		return nil, err
	}
	if t.TemporalAPIKeyFile != "" {
		if _, err := readAPIKey(t.TemporalAPIKeyFile); err != nil { // say so now rather than at the first request
			return nil, err
		}
		o.Credentials = client.NewAPIKeyDynamicCredentials(func(context.Context) (string, error) { return readAPIKey(t.TemporalAPIKeyFile) })
	}
	c, err := client.NewLazyClient(o)
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "the address of Temporal is not host:port")
	}
	return c, nil
}

// tls returns how TLS is spoken with Temporal, or nil for not at all. A key of an
// API never goes over a connection without it.
func (t Temporal) tls() (*tls.Config, error) {
	if !t.TemporalTLS && t.TemporalCA == "" && t.TemporalCert == "" && t.TemporalKey == "" && t.TemporalServerName == "" && t.TemporalAPIKeyFile == "" {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.TemporalServerName}
	if t.TemporalCA != "" {
		text, err := os.ReadFile(t.TemporalCA)
		if err != nil {
			return nil, evidence.WrapError(evidence.Invalid, err, "the file of certificates for Temporal cannot be read")
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, evidence.Errorf(evidence.Invalid, "the file of certificates for Temporal holds none")
		}
	}
	if t.TemporalCert == "" && t.TemporalKey == "" {
		return config, nil
	}
	load := func() (*tls.Certificate, error) {
		certificate, err := tls.LoadX509KeyPair(t.TemporalCert, t.TemporalKey)
		if err != nil {
			return nil, evidence.WrapError(evidence.Invalid, err, "the certificate for Temporal or its key cannot be read")
		}
		return &certificate, nil
	}
	if _, err := load(); err != nil {
		return nil, err
	}
	// Read anew at each connection, so that it can be replaced before it ends.
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return load() }
	return config, nil
}

func readAPIKey(file string) (string, error) {
	raw, err := os.ReadFile(file)
	key := strings.TrimSpace(string(raw))
	if err == nil && key != "" {
		return key, nil
	}
	return "", evidence.WrapError(evidence.Invalid, err, "the file with the API key of Temporal cannot be read or is empty")
}
