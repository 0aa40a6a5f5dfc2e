package clerk

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// logKeys is what logs ask custody about keys (logbook.Keys).
type logKeys struct{ s *Clerk }

// Last implements logbook.Keys.
func (k logKeys) Last() logbook.AgencyKeys {
	keys, _ := k.s.keys.known()
	return ofLogs(keys)
}

// Read implements logbook.Keys.
func (k logKeys) Read(ctx context.Context) (logbook.AgencyKeys, error) {
	keys, err := k.s.currentKeys(ctx)
	return ofLogs(keys), err
}

// Known implements logbook.Keys.
func (k logKeys) Known(ctx context.Context) (logbook.AgencyKeys, error) {
	keys, err := k.s.knownKeys(ctx)
	return ofLogs(keys), err
}

func ofLogs(keys keySet) logbook.AgencyKeys {
	return logbook.AgencyKeys{Log: keys.signing(keys.log), Worker: keys.worker, Root: keys.root, Stated: keys.stated}
}

// CheckPerson implements logbook.Keys.
func (k logKeys) CheckPerson(ctx context.Context, e evidence.LogEntry) error {
	_, err := k.s.PersonKey(ctx, e)
	return err
}

// Beginning implements logbook.Keys.
func (k logKeys) Beginning(ctx context.Context, c evidence.CaseID) (evidence.Entry, error) {
	return k.s.roster(ctx, c, true, nil)
}

// Introductions implements logbook.Keys.
func (k logKeys) Introductions(ctx context.Context, c evidence.CaseID, said *state.Case) ([]evidence.Entry, error) {
	return k.s.introductions(ctx, c, said)
}

// Introduce implements logbook.Keys.
func (k logKeys) Introduce(ctx context.Context, c evidence.CaseID) error {
	return k.s.askSteward(ctx, c, "")
}
