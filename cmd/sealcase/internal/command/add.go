package command

import (
	"cmp"
	"context"
	"crypto/rand"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/intake"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

type addCmd struct {
	Paths     []string `arg:"" name:"path" help:"Files and folders. A folder is one exhibit. Links and special files are named, not followed."`
	Each      bool     `help:"Make each file of a folder an exhibit of its own."`
	Case      string   `required:"" help:"Number or identifier of the case." placeholder:"CASE"`
	Source    string   `required:"" help:"Where the evidence comes from, in words."`
	Authority string   `help:"The warrant, order or consent relied on."`
	Workers   int      `help:"Files at a time." default:"4"`
	NoWait    bool     `help:"Do not wait until everything is sealed."`
}

// memoryLimit is what this command takes about at most, in bytes: what it knows of
// the files of a folder stays in memory, and waste is collected before that grows.
const memoryLimit = 160 << 20

// delivery is one run of evidence add.
type delivery struct {
	cmd     *addCmd
	s       *session
	server  *client.Client
	id      evidence.CaseID
	journal *intake.Journal
}

// Run brings files in. After an interruption the same command goes on where it
// was.
func (c *addCmd) Run(ctx context.Context, s *session) error {
	var (
		server *client.Client
		id     evidence.CaseID
	)
	err := s.patiently(ctx, func() (err error) {
		server, id, err = find(ctx, s, c.Case, caseOf)
		return err
	})
	if err != nil {
		return err
	}
	found, err := intake.Find(c.Paths, c.Each)
	if err != nil {
		return err
	}
	if len(found.Files)+len(found.Folders) == 0 {
		return nothing(found)
	}
	debug.SetMemoryLimit(memoryLimit)
	d := &delivery{cmd: c, s: s, server: server, id: id}
	if err := d.open(ctx); err != nil {
		return err
	}
	outcomes, err := d.send(ctx, found)
	if err != nil {
		return err
	}
	return d.finish(ctx, found, outcomes)
}

// nothing says why there is nothing to bring in.
func nothing(found intake.Found) error {
	if len(found.Unread) > 0 {
		first := found.Unread[0]
		return evidence.WrapError(evidence.Incomplete, first.Err, "nothing can be brought in: %s: %s (%d things could not be read)",
			first.Location.Display(), evidence.MessageOf(first.Err), len(found.Unread))
	}
	if len(found.Skipped) == 0 {
		return evidence.Errorf(evidence.NotFound, "there is nothing to bring in")
	}
	first := found.Skipped[0]
	return evidence.Errorf(evidence.NotFound, "there is no regular file to bring in; %d things were passed over: %s %s", len(found.Skipped), first.Location.Display(), first.Reason)
}

// open opens the journal, and the intake unless an earlier run did.
func (d *delivery) open(ctx context.Context) error {
	dir, err := d.s.folder()
	if err != nil {
		return err
	}
	parts := []string{d.server.Base(), string(d.id), d.cmd.Source, d.cmd.Authority, strconv.FormatBool(d.cmd.Each)}
	for _, p := range d.cmd.Paths {
		absolute, err := filepath.Abs(p)
		if err != nil {
			return evidence.WrapError(evidence.Invalid, err, "%s is not a path", shown(p))
		}
		parts = append(parts, absolute)
	}
	draw := func() (string, error) { return rand.Text(), nil }
	if d.journal, err = intake.OpenJournal(filepath.Join(dir, "intakes"), draw, parts...); err != nil {
		return err
	}
	if n := d.journal.Resumed(); n > 0 {
		d.s.note("Going on with an interrupted delivery: %d files are in already.", n)
	}
	var opened api.Intake
	err = d.s.patiently(ctx, func() (err error) {
		opened, err = d.server.OpenIntake(ctx, d.journal.Key, d.id, api.IntakeRequest{Source: d.cmd.Source, Authority: d.cmd.Authority})
		return err
	})
	if err != nil {
		return err
	}
	return d.journal.Opened(opened.ID)
}

// send sends the files, several at a time, and then each folder.
func (d *delivery) send(ctx context.Context, found intake.Found) ([]intake.Outcome, error) {
	var total int64
	for _, source := range found.Files {
		total += source.Info.Size()
	}
	bar := barWriter{d.s.bar(total, "bringing in")}
	defer bar.finish()
	sender := &intake.Sender{Server: d.server, Journal: d.journal, Workers: d.cmd.Workers, Sent: bar.add, Planned: bar.more}
	outcomes, err := sender.Send(ctx, found.Files)
	for _, folder := range found.Folders {
		if err != nil {
			break
		}
		outcomes = append(outcomes, sender.SendFolder(ctx, intake.Folder{
			Location: folder, At: evidence.At(time.Now()), Tool: evidence.Tool{Name: "sealcase", Version: cmp.Or(d.s.Version, "unknown")},
		})...)
		err = ctx.Err()
	}
	return outcomes, err
}

// finish completes the intake when everything is in, waits for the seals, and
// prints the receipt.
func (d *delivery) finish(ctx context.Context, found intake.Found, outcomes []intake.Outcome) error {
	r := receipt{Case: d.id, Intake: d.journal.Intake, Skipped: found.Skipped, Items: []receiptItem{}, Failed: []failure{}}
	r.take(found.Unread, outcomes)
	if len(r.Failed) == 0 {
		err := d.s.patiently(ctx, func() error {
			_, err := d.server.CompleteIntake(ctx, d.journal.Intake)
			return err
		})
		if err != nil {
			return err
		}
	}
	if !d.cmd.NoWait && len(r.Items) > 0 {
		if err := d.await(ctx, len(r.Items)); err != nil {
			return err
		}
	}
	if err := d.s.patiently(ctx, func() error { return d.fill(ctx, &r) }); err != nil {
		return err
	}
	if err := d.s.print(r, r.human); err != nil {
		return err
	}
	if len(r.Failed) > 0 {
		d.s.note("%d files or folders are NOT, or not whole, in the case. The same command tries them again; the others are not sent twice.", len(r.Failed))
		return closing(d.journal.Close(), &toldError{exit: r.exit()})
	}
	if r.bad() {
		return closing(d.journal.Done(), &toldError{exit: exitMismatch})
	}
	return d.journal.Done()
}

func closing(err error, outcome error) error {
	if err != nil {
		return err
	}
	return outcome
}

// await waits until every item that was sent is sealed or quarantined.
func (d *delivery) await(ctx context.Context, want int) error {
	for pause := pauseFirst; ; pause = min(2*pause, pauseMost) {
		v, err := d.server.Intake(ctx, d.journal.Intake)
		if err != nil && !evidence.CodeOf(err).Retryable() {
			return err
		}
		if err == nil && (v.Progress.State == workflows.IntakeDone || v.Progress.Sealed+v.Progress.Quarantined >= want) {
			return nil
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// fill reads the items as they stand into the receipt.
func (d *delivery) fill(ctx context.Context, r *receipt) error {
	v, err := d.server.Intake(ctx, d.journal.Intake)
	if err != nil {
		return err
	}
	index := r.index()
	for cursor := cursorAt(v.Intake.FirstExhibit); len(index) > 0; {
		page, err := d.server.Items(ctx, d.id, cursor, evidence.MaxPage)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if i, ok := index[item.ID]; ok {
				r.Items[i].settle(item)
				delete(index, item.ID)
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	return nil
}

// folderOf joins the names under which a file came in.
func folderOf(s intake.Source) string {
	return strings.TrimPrefix(string(s.Folder)+"/"+string(s.Name), "/")
}
