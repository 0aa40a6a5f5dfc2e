package app

import (
	"os"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/register"
	"github.com/sealcase/sealcase/evidence/timestamp"
	"github.com/sealcase/sealcase/evidence/witness"
)

// Outsiders says who vouches for the register from outside, and how often they
// are asked. The API is told as well, so that it can say who is behind.
type Outsiders struct {
	Witnesses        []string      `env:"SEALCASE_WITNESSES" placeholder:"URL=VKEY" help:"Witnesses that cosign the register's heads: address and key, separated by commas."`
	TSAURL           string        `name:"tsa-url" env:"SEALCASE_TSA_URL" placeholder:"URL" help:"Time-stamp authority (RFC 3161) that stamps the register's heads."`
	TSARoots         string        `name:"tsa-roots" env:"SEALCASE_TSA_ROOTS" placeholder:"FILE" help:"Certificates (PEM) that the authority's must lead to."`
	RegisterInterval time.Duration `env:"SEALCASE_REGISTER_INTERVAL" default:"1m" help:"How often the heads of changed cases are registered; negative for never on a schedule."`
}

// witnesses returns clients of the witnesses.
func (o Outsiders) witnesses() ([]register.Witness, error) {
	var list []register.Witness
	names := map[string]bool{}
	for _, text := range o.Witnesses {
		url, vkey, ok := strings.Cut(strings.TrimSpace(text), "=")
		if !ok {
			return nil, evidence.Errorf(evidence.Invalid, "a witness is given as URL=VKEY, such as https://witness.court.example=witness.court.example+…")
		}
		key, err := evidence.ParseWitnessKey(vkey)
		if err != nil {
			return nil, evidence.WrapError(evidence.Invalid, err, "the key of the witness at %s", url)
		}
		if names[key.Name] {
			return nil, evidence.Errorf(evidence.Invalid, "two witnesses are named %s; what they give is told apart by name", key.Name)
		}
		names[key.Name] = true
		w, err := witness.NewClient(witness.ClientConfig{URL: url, Key: key})
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, nil
}

// authorities returns a client of the time-stamp authority, when there is one.
func (o Outsiders) authorities() ([]register.Authority, error) {
	if o.TSAURL == "" {
		return nil, nil
	}
	text, err := os.ReadFile(o.TSARoots)
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "the time-stamp authority is believed by its roots: set SEALCASE_TSA_ROOTS to a file of certificates")
	}
	roots, err := timestamp.ParseRoots(text)
	if err != nil {
		return nil, err
	}
	a, err := timestamp.New(timestamp.Config{URL: o.TSAURL, Roots: roots})
	if err != nil {
		return nil, err
	}
	return []register.Authority{a}, nil
}
