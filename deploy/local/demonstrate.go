package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/sealcase/sealcase/deploy/local/station"
	"github.com/sealcase/sealcase/evidence"
)

// demonstration is what the demonstration left behind. Each step that is done
// is kept, so that a start that was broken off goes on where it was.
type demonstration struct {
	Case       evidence.CaseID       `json:"case"`
	Number     string                `json:"number"`
	Delivered  bool                  `json:"delivered"`
	Disclosure evidence.DisclosureID `json:"disclosure"`
	Bundle     string                `json:"bundle"`
	Proof      string                `json:"proof"`
	Keys       string                `json:"keys"`
	Outcome    string                `json:"outcome"` // what sealcase-verify said
}

// demonstrate does the main job of the demonstration case through the public
// API, as three people at the command line.
func demonstrate(ctx context.Context, st *station.Station) (demonstration, error) {
	d := demonstration{}
	file := filepath.Join(st.Dir, "demonstration.json")
	if kept, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(kept, &d); err != nil {
			return d, fmt.Errorf("reading %s: %w", file, err)
		}
	}
	for _, step := range []func(context.Context, *station.Station) error{d.open, d.deliver, d.disclose, d.fetch, d.verify} {
		if err := step(ctx, st); err != nil {
			return d, err
		}
		kept, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			return d, fmt.Errorf("keeping %s: %w", file, err)
		}
		if err := os.WriteFile(file, kept, 0o600); err != nil {
			return d, fmt.Errorf("keeping %s: %w", file, err)
		}
	}
	return d, nil
}

// open opens the case as the investigator.
func (d *demonstration) open(ctx context.Context, st *station.Station) error {
	if d.Case != "" {
		return nil
	}
	ida, err := st.SignIn(ctx, "ida")
	if err != nil {
		return err
	}
	var opened evidence.Case
	err = ida.JSON(ctx, &opened, "case", "open", "Payroll intrusion by an AI agent (demonstration)",
		"--summary", "Synthetic. A coding agent reads a payroll portal with a session taken by a phishing mail.",
		"--time-zone", "America/New_York", "--member", "emil", "--member", "paula", "--member", "sven")
	if err != nil {
		return err
	}
	if _, err := ida.Run(ctx, "case", "transition", opened.Number, "open", "--reason", "Referred by the demonstration"); err != nil {
		return err
	}
	d.Case, d.Number = opened.ID, opened.Number
	st.Note("%-10s opened case %s", "ida", d.Number)
	return nil
}

// deliver brings the evidence in as the examiner.
func (d *demonstration) deliver(ctx context.Context, st *station.Station) error {
	if d.Delivered {
		return nil
	}
	root, err := station.Root()
	if err != nil {
		return err
	}
	emil, err := st.SignIn(ctx, "emil")
	if err != nil {
		return err
	}
	receipt, err := emil.Run(ctx, "evidence", "add", "--each", filepath.Join(root, "deploy", "local", "demo", "evidence"), "--case", d.Number,
		"--source", "Demonstration: seized notebook and the portal's operator", "--authority", "Warrant 26-mj-1123 (synthetic)")
	if err != nil {
		return err
	}
	d.Delivered = true
	st.Note("%-10s brought the evidence in:\n%s", "emil", receipt)
	return nil
}

// disclose has the bundle made as the prosecutor.
func (d *demonstration) disclose(ctx context.Context, st *station.Station) error {
	if d.Disclosure != "" {
		return nil
	}
	paula, err := st.SignIn(ctx, "paula")
	if err != nil {
		return err
	}
	var made evidence.Disclosure
	err = paula.JSON(ctx, &made, "bundle", "export", "--case", d.Number, "--title", "First disclosure (demonstration)",
		"--recipient", "Counsel for the defence (synthetic)", "--purpose", "Fed. R. Crim. P. 16(a)(1)(E)")
	if err != nil {
		return err
	}
	d.Disclosure = made.ID
	st.Note("%-10s exported a bundle of %d exhibits", "paula", made.Items)
	return nil
}

// fetch fetches the bundle, its proof and the agency's public keys.
func (d *demonstration) fetch(ctx context.Context, st *station.Station) error {
	if d.Bundle != "" {
		return nil
	}
	paula, err := st.SignIn(ctx, "paula")
	if err != nil {
		return err
	}
	folder := filepath.Join(st.Dir, "bundle")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("making the folder of the bundle: %w", err)
	}
	bundle := filepath.Join(folder, "bundle.zip")
	if _, err := paula.Run(ctx, "bundle", "download", string(d.Disclosure), "--output", bundle, "--force"); err != nil {
		return err
	}
	d.Bundle, d.Proof, d.Keys = bundle, bundle+".proof.json", st.RootKey()
	return nil
}

// verify checks the bundle offline, with nothing but files.
func (d *demonstration) verify(ctx context.Context, st *station.Station) error {
	cmd := exec.CommandContext(ctx, st.Program("sealcase-verify"), d.Bundle, "-key", d.Keys, "-proof", d.Proof)
	report, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("verifying the bundle: %w\n%s", errors.Join(err, ctx.Err()), report)
	}
	d.Outcome, _, _ = strings.Cut(strings.TrimSpace(string(report)), "\n")
	return nil
}
