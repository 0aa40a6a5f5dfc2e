// Package awskms stands in for the AWS auto-unseal of Vault, which the local
// stack never uses: leaving it out halves the time that building Vault takes.
package awskms

import (
	"context"
	"errors"

	wrapping "github.com/hashicorp/go-kms-wrapping/v2"
)

// The variables of the environment that Vault maps to settings of this seal.
const (
	EnvAwsKmsWrapperKeyId   = "AWSKMS_WRAPPER_KEY_ID"
	EnvVaultAwsKmsSealKeyId = "VAULT_AWSKMS_SEAL_KEY_ID"
)

// ErrNotBuilt is what configuring this seal returns.
var ErrNotBuilt = errors.New("awskms: not built into the local Vault")

// Wrapper can do nothing but say so.
type Wrapper struct{ wrapping.Wrapper }

// NewWrapper returns a wrapper that refuses to be configured.
func NewWrapper() *Wrapper { return &Wrapper{} }

// SetConfig always fails.
func (*Wrapper) SetConfig(context.Context, ...wrapping.Option) (*wrapping.WrapperConfig, error) {
	return nil, ErrNotBuilt
}

// WithLogger is an option that nothing reads.
func WithLogger(any) wrapping.Option { return func() any { return nil } }

// WithDisallowEnvVars is an option that nothing reads.
func WithDisallowEnvVars(bool) wrapping.Option { return func() any { return nil } }
