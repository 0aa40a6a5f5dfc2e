package witness

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// The files of a witness's folder.
const (
	keyFile  = "witness.key"  // the private key, mode 0600
	vkeyFile = "witness.vkey" // the public key; for whoever is to trust it
	lockFile = "witness.lock" // held while a witness runs
	logs     = "logs"         // folder: the SHA-256 of each origin, with .note
)

// pemType is the type of the PEM block of the private key, whose bytes are the
// Ed25519 seed (RFC 8032) and whose header Name names the key.
const pemType = "SEALCASE WITNESS KEY"

// folder is a witness's state on disk.
type folder struct {
	dir  string
	lock *os.File
}

// openFolder makes the folder where it is missing, and takes it for this
// process alone: two witnesses with one state could cosign both sides of a fork.
func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, logs), 0o700); err != nil {
		return nil, evidence.WrapError(evidence.Unavailable, err, "the witness's folder cannot be made")
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, evidence.WrapError(evidence.Unavailable, err, "the witness's folder cannot be written")
	}
	if err := lockExclusive(lock); err != nil {
		return nil, evidence.WrapError(evidence.Conflict, errors.Join(err, lock.Close()), "another witness runs in this folder; give each a folder of its own")
	}
	return &folder{dir: dir, lock: lock}, nil
}

func (f *folder) close() error { return f.lock.Close() }

// key returns the witness's private key and its name. At the first start it is
// made, under that name; later the name, when one is given, must be the same.
func (f *folder) key(name string, random io.Reader) (ed25519.PrivateKey, string, error) {
	path := filepath.Join(f.dir, keyFile)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.makeKey(name, random)
	case err != nil:
		return nil, "", evidence.WrapError(evidence.Unavailable, err, "the witness's key cannot be read")
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType || len(block.Bytes) != ed25519.SeedSize || block.Headers["Name"] == "" {
		return nil, "", evidence.Errorf(evidence.Malformed, "%s is not a witness's key; restore it, or give the witness a new folder and name", path)
	}
	if known := block.Headers["Name"]; name != "" && name != known {
		return nil, "", evidence.Errorf(evidence.Conflict, "the witness in this folder is named %s, not %s; a witness keeps its name", known, name)
	}
	return ed25519.NewKeyFromSeed(block.Bytes), block.Headers["Name"], nil
}

// makeKey makes the key of a witness that has seen nothing yet.
func (f *folder) makeKey(name string, random io.Reader) (ed25519.PrivateKey, string, error) {
	if seen, err := os.ReadDir(filepath.Join(f.dir, logs)); err != nil || len(seen) > 0 {
		return nil, "", evidence.WrapError(evidence.Incomplete, err, "the witness's key is missing while what it cosigned is there; restore %s", keyFile)
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, "", fmt.Errorf("drawing the witness's key: %w", err)
	}
	private := ed25519.NewKeyFromSeed(seed)
	public := evidence.WitnessKey{Name: name, Key: private.Public().(ed25519.PublicKey)}
	if _, err := evidence.ParseWitnessKey(public.VKey()); err != nil {
		return nil, "", evidence.WrapError(evidence.Invalid, err, "%q cannot be a witness's name: no spaces, no plus sign", name)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: pemType, Headers: map[string]string{"Name": name}, Bytes: seed})
	if err := f.write(keyFile, text); err != nil {
		return nil, "", err
	}
	return private, name, f.write(vkeyFile, []byte(public.VKey()+"\n"))
}

func notePath(origin string) string {
	return filepath.Join(logs, evidence.Sum([]byte(origin)).String()+".note")
}

// last returns the checkpoint of a log that was cosigned last, the empty one
// before the first. A file that is not such a checkpoint, cosigned by this
// witness, is Tampered: nothing is cosigned on top of it.
func (f *folder) last(origin string, key evidence.WitnessKey) (ledger.Checkpoint, error) {
	text, err := os.ReadFile(filepath.Join(f.dir, notePath(origin)))
	if errors.Is(err, fs.ErrNotExist) {
		return ledger.Checkpoint{Origin: origin, Root: ledger.EmptyRoot()}, nil
	}
	if err != nil {
		return ledger.Checkpoint{}, evidence.WrapError(evidence.Unavailable, err, "the state of the log cannot be read")
	}
	cp, by, err := ledger.OpenCosignatures(text, []evidence.WitnessKey{key})
	if err == nil && (len(by) == 0 || cp.Origin != origin) {
		err = errors.New("not cosigned by this witness, or of another log")
	}
	if err != nil {
		return ledger.Checkpoint{}, evidence.WrapError(evidence.Tampered, err, "the state of the log is not what this witness wrote; restore it")
	}
	return cp, nil
}

// keep makes a cosigned checkpoint the last one of its log, durably.
func (f *folder) keep(origin string, cosigned []byte) error {
	return f.write(notePath(origin), cosigned)
}

// write writes a file whole: either the old or the new content is there after a
// crash, and the new one once it has returned.
func (f *folder) write(name string, content []byte) error {
	path := filepath.Join(f.dir, name)
	temporary, err := os.CreateTemp(filepath.Dir(path), ".new-") // mode 0600
	if err != nil {
		return evidence.WrapError(evidence.Unavailable, err, "the witness's state cannot be written")
	}
	defer os.Remove(temporary.Name())
	_, err = io.Copy(temporary, bytes.NewReader(content))
	if err == nil {
		err = temporary.Sync()
	}
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return evidence.WrapError(evidence.Unavailable, err, "the witness's state cannot be written")
	}
	return nil
}

// syncFolder makes a rename durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// cosign returns the cosignature of cp, kept before it is given away.
func (f *folder) cosign(ctx context.Context, cp ledger.Checkpoint, signed []byte, sign func() ([]byte, error)) ([]byte, error) {
	line, err := sign()
	if err != nil {
		return nil, err
	}
	cosigned, err := ledger.AddCosignatures(withoutLines(signed, line), line)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil { // nobody waits for it: nothing has changed yet
		return nil, evidence.WrapError(evidence.Unavailable, err, "the request ended before the log was cosigned")
	}
	return line, f.keep(cp.Origin, cosigned)
}

// withoutLines returns the signed checkpoint without signature lines of the
// name that line has: a log may send what it was given before.
func withoutLines(signed, line []byte) []byte {
	text, signatures, _ := bytes.Cut(signed, []byte("\n\n"))
	name := line[:bytes.LastIndexByte(line, ' ')+1]
	out := append(bytes.Clone(text), "\n\n"...)
	for l := range bytes.Lines(signatures) {
		if !bytes.HasPrefix(l, name) {
			out = append(out, l...)
		}
	}
	return out
}
