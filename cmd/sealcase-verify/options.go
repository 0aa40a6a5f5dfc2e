package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

const usage = `sealcase-verify checks a case bundle offline.

  sealcase-verify BUNDLE -key FILE [-proof FILE] [-witness KEY] [--json] [--progress]
  sealcase-verify EARLIER LATER -key FILE [-proof FILE]... [-witness KEY] [--json]

  sealcase-verify -member PROOF [FILE] -key FILE [--json]

  BUNDLE       the bundle as you received it: the .zip file itself
  EARLIER LATER  two bundles of one case: both are checked, and whether the
               record in LATER continues the one in EARLIER; what is new is listed
  -key FILE    the public key of the agency's root ("-" reads standard input).
               Get it from the agency, a court or a public notice, never from
               the bundle. Only keys that the root states are trusted. For an
               agency without a root, or a bundle from before it had one: its
               public keys, one a line. May be given more than once. Newer
               versions of those are trusted when these introduced them.
  -proof FILE  the proof of disclosure, if you have it: shows that the agency's
               log records this very bundle. With two bundles it may be given
               twice, in any order
  -witness KEY the public key of a witness that you trust, "name+hash+base64", or
               a file of such keys. One of them at least must have cosigned what
               the proof shows of the agency's register. May be given more than once
  -member PROOF  the proof that a file is a member of an exhibit that holds many,
               as "sealcase evidence prove" wrote it; FILE is held against it
  --json       print the report as JSON
  --progress   say on standard error how far it is, a line each GiB
  -h           print this

It opens no network connection and changes nothing.

Exit codes
   0  ok             every check was made and passed
   1  tampered       something is not what was signed or sealed, or two bundles
                     show two histories of one case
   2  incomplete     something that should be there is missing
   3  untrusted key  signed with a key that is not in FILE: nothing is proven
   4  malformed      not, byte for byte, a bundle (often a broken download)
  64  usage          wrong arguments, or FILE holds no keys
  74  cannot read    a file cannot be read, or the report cannot be written
 130  interrupted    nothing is known about the bundle

Where several apply, the first of 1, 4, 3, 2 counts; the report lists all.
`

// options are what the command line says.
type options struct {
	bundles   []string // one, or two to compare
	keys      []string
	proofs    []string
	witnesses []string
	member    string // a member proof: bundles has the file, if it is given
	json      bool
	progress  bool
}

// errHelp says that help was asked for.
var errHelp = errors.New("help")

// parseArgs reads the command line. Flags may stand before and after BUNDLE,
// with one hyphen or two, which package flag does not allow.
func parseArgs(args []string) (options, error) {
	var o options
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			for _, a := range args {
				if err := o.setBundle(a); err != nil {
					return o, err
				}
			}
			break
		}
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			if err := o.setBundle(arg); err != nil {
				return o, err
			}
			continue
		}
		name, value, given := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		takesFile := name == "key" || name == "proof" || name == "witness" || name == "member"
		if takesFile && !given {
			if len(args) == 0 {
				return o, fmt.Errorf("-%s needs a file", name)
			}
			value, args = args[0], args[1:]
		}
		if given && !takesFile {
			return o, fmt.Errorf("-%s takes no value", name)
		}
		if err := o.set(name, value); err != nil {
			return o, err
		}
	}
	return o, o.check()
}

// check returns nil when the flags and files go together.
func (o *options) check() error {
	switch {
	case o.member != "" && (len(o.bundles) > 1 || len(o.proofs)+len(o.witnesses) > 0):
		return errors.New("a member proof goes with one file and with keys")
	case len(o.keys) == 0 && o.member != "":
		return errors.New("whose keys do you trust? Give -key FILE")
	case o.member != "":
	case len(o.bundles) == 0:
		return errors.New("which bundle? Give its file")
	case len(o.proofs) > len(o.bundles):
		return errors.New("a bundle has one proof: -proof was given too often")
	case len(o.keys) == 0:
		return errors.New("whose keys do you trust? Give -key FILE")
	}
	return nil
}

// set takes in one flag.
func (o *options) set(name, value string) error {
	switch name {
	case "key":
		o.keys = append(o.keys, value)
	case "proof":
		o.proofs = append(o.proofs, value)
	case "member":
		o.member = value
	case "witness":
		o.witnesses = append(o.witnesses, value)
	case "json":
		o.json = true
	case "progress":
		o.progress = true
	case "h", "help":
		return errHelp
	default:
		return fmt.Errorf("there is no flag -%s", name)
	}
	return nil
}

func (o *options) setBundle(path string) error {
	if len(o.bundles) == 2 {
		return fmt.Errorf("two bundles at most: %s, %s and %s", o.bundles[0], o.bundles[1], path)
	}
	o.bundles = append(o.bundles, path)
	return nil
}

// maxFile is how many bytes of a file of keys, or of a proof, are read.
const maxFile = 1 << 20

// readKeys reads the trusted keys.
func readKeys(paths []string, stdin io.Reader) ([]evidence.PublicKey, error) {
	var all []evidence.PublicKey
	for _, path := range paths {
		text, err := readKeyFile(path, stdin)
		if err != nil {
			return nil, fmt.Errorf("reading the keys: %w", err)
		}
		keys, err := evidence.ParseVKeys(text)
		if err != nil {
			return nil, fmt.Errorf("reading the keys in %s: %w", path, err)
		}
		all = append(all, keys...)
	}
	return all, nil
}

// readWitnesses reads the keys of witnesses, each given as such or as a file of
// keys, one a line.
func readWitnesses(values []string) ([]evidence.WitnessKey, error) {
	var all []evidence.WitnessKey
	for _, value := range values {
		if k, err := evidence.ParseWitnessKey(value); err == nil {
			all = append(all, k)
			continue
		}
		text, err := readFile(value)
		if err != nil {
			return nil, fmt.Errorf("reading the keys of witnesses: %w", err)
		}
		for _, line := range evidence.KeyLines(text) {
			k, err := evidence.ParseWitnessKey(line)
			if err != nil {
				return nil, fmt.Errorf("reading the keys of witnesses in %s: %w", value, err)
			}
			all = append(all, k)
		}
	}
	if len(values) > 0 && len(all) == 0 {
		return nil, evidence.Errorf(evidence.Malformed, "no key of a witness was given")
	}
	return all, nil
}

func readKeyFile(path string, stdin io.Reader) ([]byte, error) {
	if path == "-" {
		return readAll(stdin, "standard input", maxFile)
	}
	return readFile(path)
}

// readFile reads a file of keys, or a proof.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f, path, maxFile)
}

func readAll(r io.Reader, name string, limit int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%s has more than %d bytes; is it the right file?", name, limit)
	}
	return text, nil
}
