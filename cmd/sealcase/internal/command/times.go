package command

import (
	"context"
	"os"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/timestamp"
)

type timesCmd struct {
	Proof string `arg:"" help:"The bundle's proof of disclosure." placeholder:"PROOF"`
	Roots string `required:"" help:"Certificates in PEM of the time-stamp authorities that you trust; from them, not from the agency." placeholder:"FILE"`
}

// stampShown is a time stamp as it is shown.
type stampShown struct {
	timestamp.Stamp
	Problem string `json:"problem,omitempty"`
}

// Run checks the time stamps of a proof. It asks nobody, and is apart from
// sealcase-verify, which must not be able to: the library of certificates could.
func (c *timesCmd) Run(_ context.Context, s *session) error {
	register, err := readRegister(c.Proof)
	if err != nil {
		return err
	}
	text, err := ledger.Text(register.Checkpoint)
	if err != nil {
		return err
	}
	pem, err := os.ReadFile(c.Roots)
	if err != nil {
		return evidence.WrapError(evidence.NotFound, err, "the file of the authorities' certificates cannot be read")
	}
	roots, err := timestamp.ParseRoots(pem)
	if err != nil {
		return err
	}
	shown := make([]stampShown, len(register.Timestamps))
	bad := 0
	for i, token := range register.Timestamps {
		if shown[i].Stamp, err = timestamp.Verify(token, text, roots); err != nil {
			shown[i].Problem = evidence.MessageOf(err)
			bad++
		}
	}
	err = s.print(map[string]any{"timestamps": shown}, func(p *printer) { sayTimes(p, shown) })
	if err == nil && bad > 0 {
		return &toldError{exitMismatch}
	}
	return err
}

func sayTimes(p *printer, stamps []stampShown) {
	for i, t := range stamps {
		if t.Problem != "" {
			p.say("Time stamp %d is not good: %s", i+1, t.Problem)
			continue
		}
		p.say("Time stamp %d: the register's head was there at %s, says %s (serial %s).", i+1, t.At.String(), t.By, t.Serial)
		if t.Accuracy > 0 {
			p.say("It says that it may be wrong by %s.", t.Accuracy.String())
		}
	}
	p.say("That the register's head holds the bundle's log, sealcase-verify checks.")
}

// readRegister returns what a proof shows of the register.
func readRegister(path string) (*bundle.RegisterProof, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, evidence.WrapError(evidence.NotFound, err, "the proof cannot be read")
	}
	proof, err := bundle.ParseProof(data)
	if err != nil {
		return nil, err
	}
	if proof.Register == nil || len(proof.Register.Timestamps) == 0 {
		return nil, evidence.Errorf(evidence.Incomplete, "the proof has no time stamp: it was made before the register's head had one, or the agency asks no time-stamp authority. A proof that is fetched later may have one")
	}
	return proof.Register, nil
}
