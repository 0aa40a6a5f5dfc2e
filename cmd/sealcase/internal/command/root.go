package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"github.com/sealcase/sealcase/evidence"
)

// Env is what a command sees of the world around it.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Version        string
}

// root is the command line.
type root struct {
	JSON    bool             `help:"Write one JSON value to the standard output, for scripts." name:"json"`
	Server  string           `help:"Address of the server; the last one signed in to when empty." env:"SEALCASE_SERVER" placeholder:"URL"`
	Version kong.VersionFlag `help:"Print the version."`

	Login    loginCmd    `cmd:"" help:"Sign in to a server." group:"session"`
	Logout   logoutCmd   `cmd:"" help:"Sign out." group:"session"`
	Whoami   whoamiCmd   `cmd:"" help:"Say who is signed in, where and until when." group:"session"`
	Case     caseCmd     `cmd:"" help:"Open, list and run cases." group:"work"`
	Evidence evidenceCmd `cmd:"" help:"Bring evidence in, look at it, verify it." group:"work"`
	Bundle   bundleCmd   `cmd:"" help:"Make bundles for recipients, and fetch them." group:"work"`
	Alarm    alarmCmd    `cmd:"" help:"Show what audits found, and take note of it." group:"work"`
	Audit    auditCmd    `cmd:"" help:"Compare everything that is stored with everything that was signed, now." group:"work"`
	Keys     keysCmd     `cmd:"" help:"Write the agency's public keys, which check bundles; have its root state others." group:"work"`

	Serve     serveCmd     `cmd:"" help:"Serve the API and the pages." group:"server"`
	Worker    workerCmd    `cmd:"" help:"Do the lasting work: sealing, analysis, bundles." group:"server"`
	Bootstrap bootstrapCmd `cmd:"" help:"Prepare Vault, storage, metadata and workflows." group:"server"`
	Root      rootCmd      `cmd:"" help:"Make the agency's root key, and sign with it which keys count." group:"server"`
	Password  passwordCmd  `cmd:"" help:"Give somebody another password and end their sessions, as Vault's administrator." group:"server"`
	Witness   witnessCmd   `cmd:"" help:"Cosign the heads of an agency's register, as an outsider." group:"server"`
	Rebuild   rebuildCmd   `cmd:"" help:"Make an empty database anew from the buckets." group:"server"`
	OpenAPI   openapiCmd   `cmd:"" name:"openapi" help:"Write the description of the HTTP interface." group:"server"`
}

const description = `Sealcase: case file and evidence room.

Exit codes: 0 done, 1 failed, 2 wrong command line, 3 not signed in or not allowed, 4 no such thing, 5 not possible now, 6 bytes are not what they should be or an alarm is open, 7 a server does not answer.`

// exited is how the parser ends the program after --help and --version.
type exited int

// Run runs a command line and returns the exit code.
func Run(ctx context.Context, args []string, env Env) (code int) {
	defer func() {
		if v := recover(); v != nil {
			e, ok := v.(exited)
			if !ok {
				panic(v)
			}
			code = int(e)
		}
	}()
	var line root
	parser, err := kong.New(&line,
		kong.Name("sealcase"), kong.Description(description), kong.Writers(env.Stdout, env.Stderr),
		kong.Vars{"version": env.Version}, kong.Exit(func(c int) { panic(exited(c)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.ExplicitGroups([]kong.Group{
			{Key: "session", Title: "Signing in:"}, {Key: "work", Title: "Working on cases:"}, {Key: "server", Title: "Running a server:"},
		}))
	if err != nil {
		fmt.Fprintf(env.Stderr, "sealcase: %v\n", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(env.Stderr, "sealcase: %v\nTry sealcase --help.\n", err)
		return exitUsage
	}
	s := &session{Env: env, json: line.JSON, server: line.Server}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return s.report(ctx, parsed.Run(s))
}

// report tells what went wrong, on the standard error.
func (s *session) report(ctx context.Context, err error) int {
	if err == nil {
		return exitOK
	}
	if told, ok := errors.AsType[*toldError](err); ok {
		return told.exit
	}
	code, message := evidence.CodeOf(err), evidence.MessageOf(err)
	if ctx.Err() != nil {
		code, message = evidence.Incomplete, "interrupted. What was acknowledged is kept; the same command goes on from there."
	} else if code == evidence.Internal {
		message = err.Error() // this program's own; the server's are safe already
	}
	if s.json {
		raw, _ := json.Marshal(map[string]any{"error": map[string]string{"code": string(code), "message": message}})
		fmt.Fprintf(s.Stderr, "%s\n", raw)
	} else {
		fmt.Fprintf(s.Stderr, "sealcase: %s\n", shown(message))
	}
	return exitCode(code)
}

// toldError is a failure that the command's own output has told already.
type toldError struct{ exit int }

// Error implements error.
func (e *toldError) Error() string { return fmt.Sprintf("exit code %d", e.exit) }
