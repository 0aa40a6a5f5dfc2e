package api

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

const (
	noticeEvery   = time.Second // at most one notice an intake in so long
	noticeTries   = 3
	noticeTimeout = 10 * time.Second
)

// notices tells an intake's workflow that items came: at most once a second an
// intake, however many come. A notice that is lost costs time only: the
// workflow looks by itself as well.
type notices struct {
	takeUp func(context.Context, evidence.Actor, evidence.IntakeID) error
	logger *slog.Logger
	mu     sync.Mutex
	due    map[evidence.IntakeID]bool // a notice is being sent; true: another is due after it
	wg     sync.WaitGroup
}

func newNotices(takeUp func(context.Context, evidence.Actor, evidence.IntakeID) error, logger *slog.Logger) *notices {
	return &notices{takeUp: takeUp, logger: logger, due: map[evidence.IntakeID]bool{}}
}

// received notes that an item of the intake came from actor. It does not wait.
func (n *notices) received(actor evidence.Actor, id evidence.IntakeID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, busy := n.due[id]; busy {
		n.due[id] = true
		return
	}
	n.due[id] = false
	n.wg.Go(func() { n.tell(actor, id) })
}

// tell sends notices until none is due.
func (n *notices) tell(actor evidence.Actor, id evidence.IntakeID) {
	for {
		n.send(actor, id)
		time.Sleep(noticeEvery)
		n.mu.Lock()
		again := n.due[id]
		n.due[id] = false
		if !again {
			delete(n.due, id)
		}
		n.mu.Unlock()
		if !again {
			return
		}
	}
}

func (n *notices) send(actor evidence.Actor, id evidence.IntakeID) {
	var err error
	for try := range noticeTries {
		ctx, cancel := context.WithTimeout(context.Background(), noticeTimeout)
		err = n.takeUp(ctx, actor, id)
		cancel()
		if err == nil || !evidence.CodeOf(err).Retryable() {
			break
		}
		time.Sleep(noticeEvery << try)
	}
	if err != nil {
		n.logger.Warn("an intake was not told of what it received; it looks by itself in time", "intake", id, "error", err)
	}
}

// wait returns when every notice is sent.
func (n *notices) wait() { n.wg.Wait() }
