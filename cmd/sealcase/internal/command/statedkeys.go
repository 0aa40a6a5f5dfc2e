package command

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/app"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/savefile"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/vault"
)

// vaultAdmin is how an administrator reaches the keys in Vault.
type vaultAdmin struct {
	VaultAddr string `name:"vault-addr" env:"SEALCASE_VAULT_ADDR" required:"" help:"Vault: https://host:port."`
	Token     string `name:"vault-token" env:"SEALCASE_VAULT_TOKEN" required:"" help:"An administrator's token of Vault; better in the environment."`
	Origin    string `env:"SEALCASE_ORIGIN" required:"" help:"Names this installation in checkpoints and keys, such as agency.example."`
}

func (v vaultAdmin) open() (*vault.Admin, vault.Layout, error) {
	admin, err := vault.NewAdmin(v.VaultAddr, v.Token, nil)
	return admin, vault.DefaultLayout(), err
}

type keysRequestCmd struct {
	vaultAdmin
	Output string   `short:"o" required:"" placeholder:"FILE" help:"File to write the request to."`
	Force  bool     `help:"Replace a file that is there."`
	Revoke []string `placeholder:"KEY=REASON" help:"A key version that is to count no more, by its ID as keys shows it (name+hash), and why. May be given more than once."`
	From   string   `placeholder:"INSTANT" help:"From when on those are revoked, such as 2026-03-09T08:36:27.476Z; in a minute when empty. What they signed since then nobody believes."`
	Person []string `placeholder:"KEY" help:"A person's key version to state, name+hash+base64: one that no earlier key of theirs introduces. May be given more than once."`
	Next   string   `placeholder:"KEY" help:"The root that follows, name+hash+base64: from then on only its statements count."`
}

// revokeLater is how long after a request its revocations begin: processes know of a
// statement some seconds after it was installed.
const revokeLater = time.Minute

// Run writes what the root is to state next: all that it stated before, the key
// versions that Vault has made since, and what is revoked.
func (c *keysRequestCmd) Run(ctx context.Context, s *session) error {
	admin, layout, err := c.open()
	if err != nil {
		return err
	}
	next := attest.Statement{Agency: c.Origin, Type: attest.StatementType, At: evidence.At(time.Now()), Serial: 1, Next: c.Next}
	text, err := vault.ReadStatement(ctx, admin, layout)
	if err == nil {
		before, err := readStatement(text)
		if err != nil {
			return err
		}
		next.Keys, next.Serial = before.Keys, before.Serial+1
	} else if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	made, err := vault.AgencyKeys(ctx, admin, layout, c.Origin)
	if err != nil {
		return err
	}
	for _, m := range made {
		next.Keys = withKey(next.Keys, m.Key.VKey(), evidence.At(m.At))
	}
	for _, key := range c.Person {
		next.Keys = withKey(next.Keys, key, next.At)
	}
	if err := c.revoke(&next); err != nil {
		return err
	}
	if err := next.Check(); err != nil {
		return err
	}
	raw, err := canon.Marshal(next)
	if err != nil {
		return err
	}
	if err := savefile.At(c.Output, "keys-request.json", c.Force).Write(append(raw, '\n')); err != nil {
		return err
	}
	return s.print(map[string]any{"file": c.Output, "statement": next}, func(p *printer) {
		p.say("%s asks for statement %d. The root signs it: sealcase root sign %s --key ROOT --output STATEMENT", c.Output, next.Serial, c.Output)
	})
}

// withKey returns keys with one more, where it is not among them.
func withKey(keys []attest.StatedKey, key string, from evidence.Instant) []attest.StatedKey {
	if slices.ContainsFunc(keys, func(k attest.StatedKey) bool { return k.Key == key }) {
		return keys
	}
	return append(keys, attest.StatedKey{From: from, Key: key})
}

func (c *keysRequestCmd) revoke(s *attest.Statement) error {
	from := evidence.At(time.Now().Add(revokeLater))
	if c.From != "" {
		if err := from.UnmarshalText([]byte(c.From)); err != nil {
			return evidence.WrapError(evidence.Invalid, err, "%q is no instant such as 2026-03-09T08:36:27.476Z", c.From)
		}
	}
	for _, wish := range c.Revoke {
		id, reason, _ := strings.Cut(wish, "=")
		i := slices.IndexFunc(s.Keys, func(k attest.StatedKey) bool { return strings.HasPrefix(k.Key, id+"+") || k.Key == id })
		if i < 0 || reason == "" {
			return evidence.Errorf(evidence.Invalid, "to revoke a key takes its ID and a reason, as in agency.example/worker/v1+97954fb5=stolen; %q names none that is stated (a person's is stated with --person)", wish)
		}
		if s.Keys[i].Revoked == nil {
			s.Keys[i].Revoked = &attest.Revocation{From: from, Reason: reason}
		}
	}
	return nil
}

type keysInstallCmd struct {
	vaultAdmin
	Root string `env:"SEALCASE_ROOT" required:"" placeholder:"KEY" help:"Public key of the root: name+hash+base64, or a file of such."`
	File string `arg:"" help:"What the root has signed."`
}

// Run installs a statement, after checking that the root signed it and that it is
// newer than the one that is there.
func (c *keysInstallCmd) Run(ctx context.Context, s *session) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return evidence.WrapError(evidence.NotFound, err, "the statement cannot be read")
	}
	roots, err := app.Config{Root: c.Root, Origin: c.Origin}.Roots()
	if err != nil {
		return err
	}
	signed, err := attest.ReadSigned(text)
	if err != nil {
		return err
	}
	said, err := attest.NewTrust(c.Origin, roots).Know(signed)
	if err != nil {
		return err
	}
	admin, layout, err := c.open()
	if err != nil {
		return err
	}
	if before, err := vault.ReadStatement(ctx, admin, layout); err == nil {
		if old, err := readStatement(before); err == nil && old.Serial >= said.Serial {
			return evidence.Errorf(evidence.Conflict, "statement %d is installed, and this is number %d; nothing was changed: make another request", old.Serial, said.Serial)
		}
	} else if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	if err := vault.InstallStatement(ctx, admin, layout, text); err != nil {
		return err
	}
	return s.print(map[string]any{"statement": said}, func(p *printer) {
		p.say("Statement %d is installed; every process knows within ten seconds. Publish its number.", said.Serial)
	})
}

// readStatement reads a signed statement, whoever signed it.
func readStatement(text []byte) (attest.Statement, error) {
	signed, err := attest.ReadSigned(text)
	if err != nil {
		return attest.Statement{}, err
	}
	return signed.Read()
}

// readRequest reads a statement that nobody has signed yet.
func readRequest(path string) (attest.Statement, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return attest.Statement{}, evidence.WrapError(evidence.NotFound, err, "the request cannot be read")
	}
	var s attest.Statement
	err = errors.Join(canon.Unmarshal([]byte(strings.TrimSuffix(string(text), "\n")), &s))
	if err != nil {
		return s, evidence.WrapError(evidence.Malformed, err, "%s is no request as sealcase keys request writes it", path)
	}
	return s, s.Check()
}
