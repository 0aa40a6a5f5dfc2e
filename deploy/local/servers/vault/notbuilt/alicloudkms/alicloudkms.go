// Package alicloudkms stands in for the AliCloud auto-unseal of Vault, which the local
// stack never uses: leaving it out halves the time that building Vault takes.
package alicloudkms

import (
	"context"
	"errors"

	wrapping "github.com/hashicorp/go-kms-wrapping/v2"
)

// The variables of the environment that Vault maps to settings of this seal.
const (
	EnvAliCloudKmsWrapperKeyId   = "ALICLOUDKMS_WRAPPER_KEY_ID"
	EnvVaultAliCloudKmsSealKeyId = "VAULT_ALICLOUDKMS_SEAL_KEY_ID"
)

// ErrNotBuilt is what configuring this seal returns.
var ErrNotBuilt = errors.New("alicloudkms: not built into the local Vault")

// Wrapper can do nothing but say so.
type Wrapper struct{ wrapping.Wrapper }

// NewWrapper returns a wrapper that refuses to be configured.
func NewWrapper() *Wrapper { return &Wrapper{} }

// SetConfig always fails.
func (*Wrapper) SetConfig(context.Context, ...wrapping.Option) (*wrapping.WrapperConfig, error) {
	return nil, ErrNotBuilt
}
