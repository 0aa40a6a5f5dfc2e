// Package azurekeyvault stands in for the Azure auto-unseal of Vault, which the local
// stack never uses: leaving it out halves the time that building Vault takes.
package azurekeyvault

import (
	"context"
	"errors"

	wrapping "github.com/hashicorp/go-kms-wrapping/v2"
)

// The variables of the environment that Vault maps to settings of this seal.
const (
	EnvAzureKeyVaultWrapperVaultName = "AZUREKEYVAULT_WRAPPER_VAULT_NAME"
	EnvVaultAzureKeyVaultVaultName   = "VAULT_AZUREKEYVAULT_VAULT_NAME"
	EnvAzureKeyVaultWrapperKeyName   = "AZUREKEYVAULT_WRAPPER_KEY_NAME"
	EnvVaultAzureKeyVaultKeyName     = "VAULT_AZUREKEYVAULT_KEY_NAME"
)

// ErrNotBuilt is what configuring this seal returns.
var ErrNotBuilt = errors.New("azurekeyvault: not built into the local Vault")

// Wrapper can do nothing but say so.
type Wrapper struct{ wrapping.Wrapper }

// NewWrapper returns a wrapper that refuses to be configured.
func NewWrapper() *Wrapper { return &Wrapper{} }

// SetConfig always fails.
func (*Wrapper) SetConfig(context.Context, ...wrapping.Option) (*wrapping.WrapperConfig, error) {
	return nil, ErrNotBuilt
}

// WithDisallowEnvVars is an option that nothing reads.
func WithDisallowEnvVars(bool) wrapping.Option { return func() any { return nil } }
