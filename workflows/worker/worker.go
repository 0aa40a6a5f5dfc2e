// Package worker runs all workflows and their activities in a process, and
// prepares a Temporal server for them. It holds what they have in common: the
// mapping of errors, the limits of a process, and its stopping.
package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/analysis"
	"github.com/sealcase/sealcase/workflows/audit"
	"github.com/sealcase/sealcase/workflows/casefile"
	"github.com/sealcase/sealcase/workflows/disclosure"
	"github.com/sealcase/sealcase/workflows/fixity"
	"github.com/sealcase/sealcase/workflows/intake"
	"github.com/sealcase/sealcase/workflows/mirroring"
	"github.com/sealcase/sealcase/workflows/register"
	"github.com/sealcase/sealcase/workflows/roster"
)

// Rooms are what the activities of each workflow need.
type Rooms struct {
	Casefile   casefile.Custody
	Intakes    Intakes
	Sealing    intake.Sealing
	Exhibits   Exhibits
	Analysis   analysis.Custody
	Cases      fixity.Cases
	Disclosure disclosure.Custody
	Audit      audit.Custody
	Roster     roster.Custody
	Register   register.Custody
	Mirroring  mirroring.Register
}

// Intakes are deliveries, as several workflows need them.
type Intakes interface {
	intake.Intakes
	fixity.Deliveries
}

// Exhibits are items, as several workflows need them.
type Exhibits interface {
	intake.Exhibits
	fixity.Exhibits
}

// Options are the choices that an installation has.
type Options struct {
	Queue          string        // workflows.DefaultQueue when ""
	FixityInterval time.Duration // between runs over all items of a case; a day when 0
	Auditor        audit.Auditor // compares everything; nil in a worker that leaves audits to others
	AuditInterval  time.Duration // between audits; 6 hours when 0, none on a schedule when negative
	// RegisterInterval is how often heads of changed logs are registered; a
	// minute when 0, never on a schedule when negative.
	RegisterInterval time.Duration
	// MirrorInterval is how often logs are looked for whose process did not come to
	// mirror them; a minute when 0, never on a schedule when negative.
	MirrorInterval time.Duration
	Retention      time.Duration // how far ahead locks are moved; 30 days when 0
	Activities     int           // under way in this process at the same time; 24 when 0
	StopTimeout    time.Duration // for activities under way when the worker stops; 15 s when 0
	// BuildID turns Worker Versioning on: a workflow stays with the build that
	// it began with, but a case moves on to the current one. "" leaves it off.
	BuildID string
	Data    converter.DataConverter // that of the client; the default one when nil
	Logger  *slog.Logger            // slog.Default() when nil
}

// Worker polls for work until it is stopped.
type Worker struct {
	sdk       sdkworker.Worker
	logger    *slog.Logger
	schedules []schedule
}

// New returns a worker that works on c's namespace through these rooms, with the
// analyzers that new evidence is given to. It does nothing until it runs.
func New(c client.Client, rooms Rooms, analyzers []analyze.Analyzer, o Options) *Worker {
	o = o.withDefaults()
	w := sdkworker.New(c, o.Queue, sdkworker.Options{
		MaxConcurrentActivityExecutionSize:     o.Activities,
		MaxConcurrentWorkflowTaskExecutionSize: 32,
		MaxHeartbeatThrottleInterval:           time.Second, // progress is read from heartbeats
		WorkerStopTimeout:                      o.StopTimeout,
		DisableRegistrationAliasing:            true,
		Interceptors:                           []interceptor.WorkerInterceptor{&faults{logger: o.Logger}},
		DeploymentOptions: sdkworker.DeploymentOptions{
			UseVersioning:             o.BuildID != "",
			Version:                   sdkworker.WorkerDeploymentVersion{DeploymentName: "sealcase", BuildID: o.BuildID},
			DefaultVersioningBehavior: behavior(o.BuildID, workflow.VersioningBehaviorPinned),
		},
	})
	registerWorkflows(w, o.BuildID)
	actor := evidence.ServiceActor("worker")
	w.RegisterActivity(&casefile.Activities{Custody: rooms.Casefile, Actor: actor, Schedules: c.ScheduleClient(), Queue: o.Queue, Interval: o.FixityInterval})
	w.RegisterActivity(&intake.Activities{Intakes: rooms.Intakes, Sealing: rooms.Sealing, Exhibits: rooms.Exhibits, Actor: actor})
	w.RegisterActivity(&analysis.Activities{Custody: rooms.Analysis, Actor: actor, Runner: &analyze.Runner{Analyzers: analyzers, Logger: o.Logger}})
	w.RegisterActivity(&fixity.Activities{Cases: rooms.Cases, Exhibits: rooms.Exhibits, Deliveries: rooms.Intakes, Intakes: workflows.NewClient(c, o.Queue, o.Data), Actor: actor, Retention: o.Retention})
	w.RegisterActivity(&disclosure.Activities{Custody: rooms.Disclosure, Actor: actor})
	w.RegisterActivity(&roster.Activities{Custody: rooms.Roster, Actor: actor})
	w.RegisterActivity(&register.Activities{Custody: rooms.Register, Actor: actor})
	w.RegisterActivity(&mirroring.Activities{Register: rooms.Mirroring, Actor: actor})
	scheduled := &Worker{sdk: w, logger: o.Logger, schedules: []schedule{registerSchedule(c, o), mirrorSchedule(c, o)}}
	if o.Auditor != nil {
		w.RegisterActivity(&audit.Activities{Custody: rooms.Audit, Auditor: o.Auditor, Actor: actor})
		scheduled.schedules = append(scheduled.schedules, auditSchedule(c, o))
	}
	return scheduled
}

// Register registers the workflows alone, under the names that histories know:
// for replaying them.
func Register(r sdkworker.WorkflowRegistry) { registerWorkflows(r, "") }

func registerWorkflows(r sdkworker.WorkflowRegistry, build string) {
	for _, w := range []struct {
		name     string
		run      any
		behavior workflow.VersioningBehavior
	}{
		{workflows.CaseType, casefile.Workflow, workflow.VersioningBehaviorAutoUpgrade},
		{workflows.IntakeType, intake.Workflow, workflow.VersioningBehaviorAutoUpgrade},
		{workflows.AnalysisType, analysis.Workflow, workflow.VersioningBehaviorPinned},
		{workflows.FixityType, fixity.Workflow, workflow.VersioningBehaviorPinned},
		{workflows.VerifyType, fixity.Verify, workflow.VersioningBehaviorPinned},
		{workflows.DisclosureType, disclosure.Workflow, workflow.VersioningBehaviorPinned},
		{workflows.AuditType, audit.Workflow, workflow.VersioningBehaviorPinned},
		{workflows.RosterType, roster.Workflow, workflow.VersioningBehaviorPinned},
		{workflows.RegisterType, register.Workflow, workflow.VersioningBehaviorPinned},
		{workflows.MirrorType, mirroring.Workflow, workflow.VersioningBehaviorPinned},
	} {
		r.RegisterWorkflowWithOptions(w.run, workflow.RegisterOptions{Name: w.name, VersioningBehavior: behavior(build, w.behavior)})
	}
}

// behavior is unspecified, as the server demands, when versioning is off.
func behavior(build string, b workflow.VersioningBehavior) workflow.VersioningBehavior {
	if build == "" {
		return workflow.VersioningBehaviorUnspecified
	}
	return b
}

// Run works until ctx ends; then it takes no new work, gives activities under
// way the stop timeout, and returns nil. What was not finished is taken up by
// another worker. It fails when the server does not answer at the start.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.sdk.Start(); err != nil {
		return evidence.WrapError(evidence.Unavailable, err, "the workflow server does not answer")
	}
	var keeping sync.WaitGroup
	for _, s := range w.schedules {
		keeping.Go(func() { s.ensure(ctx, w.logger) })
	}
	<-ctx.Done()
	w.sdk.Stop()
	keeping.Wait()
	return nil
}

func (o Options) withDefaults() Options {
	if o.Queue == "" {
		o.Queue = workflows.DefaultQueue
	}
	if o.Activities <= 0 {
		o.Activities = 24
	}
	if o.AuditInterval == 0 {
		o.AuditInterval = DefaultAuditInterval
	}
	if o.RegisterInterval == 0 {
		o.RegisterInterval = DefaultRegisterInterval
	}
	if o.MirrorInterval == 0 {
		o.MirrorInterval = DefaultMirrorInterval
	}
	if o.StopTimeout <= 0 {
		o.StopTimeout = 15 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o
}
