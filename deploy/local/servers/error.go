package servers

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Error says which server failed, why, where its log is and what to try.
type Error struct {
	Server string // the program: "vault", "postgres", ...
	Log    string // path of the log file, or empty
	Tail   string // the last lines of that log
	Try    string // what the reader can do about it
	Err    error  // the cause
}

// Error returns the whole story, on several lines where there is a log.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %v", e.Server, e.Err)
	if e.Try != "" {
		fmt.Fprintf(&b, "\n  try: %s", e.Try)
	}
	if e.Log != "" {
		fmt.Fprintf(&b, "\n  log: %s", e.Log)
	}
	if e.Tail != "" {
		fmt.Fprintf(&b, "\n  | %s", strings.ReplaceAll(e.Tail, "\n", "\n  | "))
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// failure makes an Error of err, with the end of the log. An error that
// already tells its story is passed on.
func failure(server, log, try string, err error) error {
	if known := new(Error); errors.As(err, &known) {
		return err
	}
	return &Error{Server: server, Log: log, Tail: tail(log, 12), Try: try, Err: err}
}

// tail returns the last lines of a file, cut to a readable width, or nothing
// where it cannot be read.
func tail(path string, lines int) string {
	const window, width = 8 << 10, 400
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	if size, err := f.Seek(0, io.SeekEnd); err == nil {
		_, _ = f.Seek(max(0, size-window), io.SeekStart)
	}
	data, _ := io.ReadAll(io.LimitReader(f, window))
	all := strings.Split(strings.TrimSpace(string(data)), "\n")
	last := all[max(0, len(all)-lines):]
	for i, line := range last {
		if len(line) > width {
			last[i] = strings.ToValidUTF8(line[:width], "") + " ..."
		}
	}
	return strings.Join(last, "\n")
}
