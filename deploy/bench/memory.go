package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const mebibyte = 1 << 20

// sampleEvery is how often memory is looked at where the kernel's own high
// mark cannot be reset, or the process may be killed.
const sampleEvery = 100 * time.Millisecond

// watch follows the peak of the resident memory of a process that may be
// killed and started again on the way.
type watch struct {
	pid   func() int
	exact bool // the kernel's high mark could be reset: between two looks nothing is missed
	stop  chan struct{}
	done  chan struct{}
	peak  int64
}

// watchMemory begins to watch. On Linux it resets and then reads VmHWM, the
// kernel's own high mark; where that is not permitted it samples VmRSS. Where
// there is no /proc the peak stays 0.
func watchMemory(pid func() int) *watch {
	w := &watch{pid: pid, stop: make(chan struct{}), done: make(chan struct{})}
	w.exact = resetPeak(pid())
	go w.run()
	return w
}

func (w *watch) run() {
	defer close(w.done)
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	for {
		w.look()
		select {
		case <-w.stop:
			w.look()
			return
		case <-ticker.C:
		}
	}
}

func (w *watch) look() {
	pid := w.pid()
	field := "VmRSS"
	if w.exact {
		field = "VmHWM"
	}
	if n, err := memoryOf(pid, field); err == nil {
		w.peak = max(w.peak, n)
	}
}

// end stops watching and returns the peak in MiB.
func (w *watch) end() float64 {
	close(w.stop)
	<-w.done
	return float64(w.peak) / mebibyte
}

// how says how the peak was found.
func (w *watch) how() string {
	if w.exact {
		return "VmHWM, reset before each phase"
	}
	return fmt.Sprintf("VmRSS, sampled every %s", sampleEvery)
}

// resetPeak makes the kernel forget the high mark of a process.
func resetPeak(pid int) bool {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o600) == nil
}

// memoryOf returns a field of /proc/PID/status in bytes.
func memoryOf(pid int, field string) (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("reading the memory of a process: %w", err)
	}
	return parseStatus(string(raw), field)
}

// parseStatus reads a line such as "VmHWM:    123 kB".
func parseStatus(status, field string) (int64, error) {
	for line := range strings.Lines(status) {
		name, rest, _ := strings.Cut(line, ":")
		if name != field {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("reading %s: %w", field, err)
		}
		return n << 10, nil
	}
	return 0, fmt.Errorf("there is no %s", field)
}

// bytesRead returns how many bytes a process has asked the system for, from
// files and connections.
func bytesRead(pid int) (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	if err != nil {
		return 0, fmt.Errorf("reading what a process has read: %w", err)
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "rchar: "); ok {
			return strconv.ParseInt(strings.TrimSpace(rest), 10, 64)
		}
	}
	return 0, fmt.Errorf("there is no rchar")
}

// runWatched runs a command, as quiet does, and returns the peak of its resident
// memory in MiB. What the system reports of a process that has ended will not
// do: that counts the moment before the program took the place of ours.
func runWatched(cmd *exec.Cmd) (float64, error) {
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("starting %s: %w", filepath.Base(cmd.Path), err)
	}
	pid := cmd.Process.Pid
	w := &watch{pid: func() int { return pid }, exact: true, stop: make(chan struct{}), done: make(chan struct{})}
	go w.run()
	err := cmd.Wait()
	peak := w.end()
	if err != nil {
		return peak, fmt.Errorf("%s: %w\n%.4000s", filepath.Base(cmd.Path), err, said.String())
	}
	return peak, nil
}
