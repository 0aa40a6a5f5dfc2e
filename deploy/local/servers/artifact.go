package servers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// An artifact is the recipe of one program: a nested module beside this
// package, and what to build out of it.
type artifact struct {
	module string // folder of the nested module, and name of the program
	does   string // what it is for, for the progress line
	pkg    string // Go package to build; empty for an npm folder
	tags   string // build tags
	path   string // the program on PATH that may be used instead; may be empty
}

// FerretDB 1.24 is the last line on plain PostgreSQL: version 2 needs an extension
// of PostgreSQL that no package registry has.
func ferretdbArtifact() artifact {
	return artifact{module: "ferretdb", does: "the MongoDB protocol over PostgreSQL", pkg: "."}
}

func postgresArtifact() artifact {
	return artifact{module: "postgres", does: "the database under FerretDB"}
}

// Vault 1.21.2 is the newest that compiles from published modules. Vault is built
// by its makers with the ./sdk of the same commit; 1.21.3 needs
// TryRecordObservationWithRequest, which sdk 0.21.0 brought, and an ActivationFunc
// of two parameters, which sdk 0.20.0 had last; 1.21.4 needs the RestorePolicy of
// two results of sdk 0.24.0 and that same ActivationFunc. No release of the sdk has
// both. Later lines have no release in the module proxy. What 1.21.4 fixed in
// libraries (circl, edwards25519), and newer crypto, net, jose and grpc, are pinned
// all the same.
//
// `go mod tidy` would take a later sdk, for a test of Vault's that imports a package
// of it, and then nothing compiles. So: replace the sdk by v0.20.0, `go get`, `go mod
// tidy -e`, and drop the replacement.
func vaultArtifact() artifact {
	return artifact{module: "vault", does: "logins, roles and signing keys",
		pkg: "github.com/hashicorp/vault", tags: "minimal", path: "vault"}
}

// MinIO's last commit that module proxies serve is of 2026-02-12; it has no releases
// as a module. Its libraries are newer than it asks for.
func minioArtifact() artifact {
	return artifact{module: "minio", does: "locked object storage",
		pkg: "github.com/minio/minio", path: "minio"}
}

// Temporal is our own main over server 1.32.1: temporalio/cli 1.5.1 has server 1.29.1,
// with published advisories, and 1.9.1 requires a module (cliext) that was never
// published. Server 1.32.2 wants Go 1.26.10.
func temporalArtifact() artifact {
	return artifact{module: "temporal", does: "durable workflows",
		pkg: ".", path: "temporal"}
}

func versitygwArtifact() artifact {
	return artifact{module: "versitygw", does: "a second S3 to test against",
		pkg: "github.com/versity/versitygw/cmd/versitygw"}
}

// goArgs returns the arguments of `go` that build the program into out.
func (a artifact) goArgs(out string) []string {
	return []string{"build", "-mod=readonly", "-trimpath", "-buildvcs=false",
		"-tags=" + a.tags, "-ldflags=-s -w", "-o", out, a.pkg}
}

// key identifies what building the artifact out of src would give: it changes
// with every pin, source file, build flag and platform.
func (a artifact) key(src string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, runtime.GOOS, runtime.GOARCH, strings.Join(a.goArgs("program"), " "))
	var files []string
	err := filepath.WalkDir(src, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("listing the sources of %s: %w", a.module, err)
	}
	slices.Sort(files)
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("reading the sources of %s: %w", a.module, err)
		}
		rel, _ := filepath.Rel(src, path)
		fmt.Fprintln(h, filepath.ToSlash(rel), len(data))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}
