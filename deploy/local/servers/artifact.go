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

func ferretdbArtifact() artifact {
	return artifact{module: "ferretdb", does: "the MongoDB protocol over PostgreSQL", pkg: "."}
}

func postgresArtifact() artifact {
	return artifact{module: "postgres", does: "the database under FerretDB"}
}

func vaultArtifact() artifact {
	return artifact{module: "vault", does: "logins, roles and signing keys",
		pkg: "github.com/hashicorp/vault", tags: "minimal", path: "vault"}
}

func minioArtifact() artifact {
	return artifact{module: "minio", does: "locked object storage",
		pkg: "github.com/minio/minio", path: "minio"}
}

func temporalArtifact() artifact {
	return artifact{module: "temporal", does: "durable workflows",
		pkg: "github.com/temporalio/cli/cmd/temporal", path: "temporal"}
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
