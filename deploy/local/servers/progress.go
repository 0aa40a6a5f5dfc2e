package servers

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress tells the person who waits what is going on: one live line on a
// terminal, plain lines anywhere else.
type progress struct {
	mu     sync.Mutex
	w      io.Writer
	tty    bool
	frame  int
	active []*step
	ticker *time.Ticker
	quit   chan struct{}
}

// newProgress reports to w, which may be nil. close it.
func newProgress(w io.Writer) *progress {
	p := &progress{w: w, quit: make(chan struct{})}
	if w == nil {
		p.w = io.Discard
	}
	period := 30 * time.Second
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.tty, period = true, 120*time.Millisecond
	}
	p.ticker = time.NewTicker(period)
	go p.run()
	return p
}

func (p *progress) run() {
	for {
		select {
		case <-p.quit:
			return
		case <-p.ticker.C:
			p.tick()
		}
	}
}

func (p *progress) close() {
	p.ticker.Stop()
	close(p.quit)
}

// note prints a line that stays.
func (p *progress) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.print(fmt.Sprintf(format, args...))
}

// print needs the mutex.
func (p *progress) print(line string) {
	if p.tty {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	fmt.Fprintln(p.w, line)
}

// tick redraws the live line, or repeats on plain output what still goes on.
func (p *progress) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.tty {
		for _, s := range p.active {
			p.print(fmt.Sprintf("%-10s still %s (%s)", s.name, s.what, s.elapsed()))
		}
		return
	}
	if len(p.active) == 0 {
		return
	}
	p.frame++
	spinner := []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
	parts := make([]string, len(p.active))
	for i, s := range p.active {
		what, _, _ := strings.Cut(s.what, " (log")
		parts[i] = fmt.Sprintf("%s: %s %s", s.name, what, s.elapsed())
	}
	fmt.Fprintf(p.w, "\r\x1b[K%c %s", spinner[p.frame%len(spinner)], p.fit(strings.Join(parts, " · ")))
}

// fit cuts the live line to the width of the terminal, so that it is redrawn
// in place.
func (p *progress) fit(line string) string {
	width, _, err := term.GetSize(int(p.w.(*os.File).Fd()))
	if runes := []rune(line); err == nil && width > 8 && len(runes) > width-3 {
		return string(runes[:width-4]) + "…"
	}
	return line
}

// A step is something that goes on for a while.
type step struct {
	p     *progress
	name  string
	what  string
	since time.Time
}

// begin announces a step. It says nothing yet on plain output: change or end do.
func (p *progress) begin(name, what string) *step {
	s := &step{p: p, name: name, what: what, since: time.Now()}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active = append(p.active, s)
	return s
}

// change says what the step does now.
func (s *step) change(what string) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.what, s.since = what, time.Now()
	if !s.p.tty {
		s.p.print(fmt.Sprintf("%-10s %s", s.name, what))
	}
}

// end says how the step ended.
func (s *step) end(result string) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.active = slices.DeleteFunc(s.p.active, func(other *step) bool { return other == s })
	s.p.print(fmt.Sprintf("%-10s %s (%s)", s.name, result, s.elapsed()))
}

func (s *step) elapsed() time.Duration {
	d := time.Since(s.since)
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}
