// Command assemble writes the verifier's page: assemble PROGRAM LOADER PAGE.
// "go generate" runs it; see package page.
package main

import (
	"fmt"
	"os"

	"github.com/sealcase/sealcase/cmd/sealcase-verify/page"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "assemble:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("usage: assemble PROGRAM LOADER PAGE")
	}
	program, err := os.ReadFile(args[0])
	if err != nil {
		return fmt.Errorf("reading the program: %w", err)
	}
	loader, err := os.ReadFile(args[1])
	if err != nil {
		return fmt.Errorf("reading the loader: %w", err)
	}
	text, err := page.Assemble(program, loader)
	if err != nil {
		return err
	}
	return os.WriteFile(args[2], text, 0o644)
}
