package servers

import (
	"fmt"
	"strconv"
)

// The variables that carry the addresses of running servers.
const (
	envMongo       = "SEALCASE_MONGODB_URI"
	envEmbedded    = "SEALCASE_EMBEDDED_DSN"
	envVault       = "SEALCASE_VAULT_ADDR"
	envVaultToken  = "SEALCASE_VAULT_TOKEN"
	envTemporal    = "SEALCASE_TEMPORAL_ADDRESS"
	envS3          = "SEALCASE_S3_ENDPOINT"
	envS3AccessKey = "SEALCASE_S3_ACCESS_KEY"
	envS3SecretKey = "SEALCASE_S3_SECRET_KEY"
	envS3TLS       = "SEALCASE_S3_TLS"
)

// Environ returns the addresses of the running servers as variables for child
// processes, which Up understands.
func (s *Stack) Environ() []string {
	var env []string
	add := func(name, value string) {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	add(envMongo, s.MongoURI)
	add(envEmbedded, s.EmbeddedDSN)
	add(envVault, s.VaultAddr)
	add(envVaultToken, s.VaultRootToken)
	add(envTemporal, s.TemporalAddress)
	add(envS3, s.S3.Endpoint)
	add(envS3AccessKey, s.S3.AccessKey)
	add(envS3SecretKey, s.S3.SecretKey)
	if s.S3.TLS {
		add(envS3TLS, "true")
	}
	return env
}

// adopt takes a server whose address is in the environment.
func (s *Stack) adopt(name Name, getenv func(string) string) (bool, error) {
	switch name {
	case Mongo:
		s.MongoURI, s.EmbeddedDSN = getenv(envMongo), getenv(envEmbedded)
		s.Embedded = s.EmbeddedDSN != ""
		return s.MongoURI != "", nil
	case Vault:
		s.VaultAddr, s.VaultRootToken = getenv(envVault), getenv(envVaultToken)
		return complete(getenv, envVault, envVaultToken)
	case Temporal:
		s.TemporalAddress = getenv(envTemporal)
		return s.TemporalAddress != "", nil
	case MinIO:
		s.S3 = S3{Endpoint: getenv(envS3), AccessKey: getenv(envS3AccessKey), SecretKey: getenv(envS3SecretKey)}
		if text := getenv(envS3TLS); text != "" {
			tls, err := strconv.ParseBool(text)
			if err != nil {
				return false, fmt.Errorf("reading %s: %w", envS3TLS, err)
			}
			s.S3.TLS = tls
		}
		return complete(getenv, envS3, envS3AccessKey, envS3SecretKey)
	}
	return false, nil
}

// complete reports whether the address is set, and fails if what belongs to it
// is not.
func complete(getenv func(string) string, address string, others ...string) (bool, error) {
	if getenv(address) == "" {
		return false, nil
	}
	for _, name := range others {
		if getenv(name) == "" {
			return false, fmt.Errorf("reading the environment: %s is set, but %s is not", address, name)
		}
	}
	return true, nil
}
