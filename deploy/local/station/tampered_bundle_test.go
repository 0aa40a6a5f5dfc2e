package station_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The exit codes of sealcase-verify.
const (
	exitTampered   = 1
	exitIncomplete = 2
	exitUntrusted  = 3
	exitMalformed  = 4
	exitUsage      = 64
	exitCannotRead = 74
)

// TestTamperedBundle is a recipient who checks what somebody changed on the
// way.
func TestTamperedBundle(t *testing.T) {
	c, dir := openCase(t), t.TempDir()
	for i := range 12 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.bin", i)), random(300+i, 20_000*i), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bring(t, c, dir)
	h := disclose(t, c)
	wantVerified(t, h)
	good, err := os.ReadFile(h.bundle)
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(t.TempDir(), "changed.zip")
	write := func(t *testing.T, data []byte) {
		t.Helper()
		if err := os.WriteFile(changed, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("one byte anywhere", func(t *testing.T) {
		seed := rand.Uint64() // in the failure, so that it can be repeated
		places := rand.New(rand.NewPCG(seed, 0))
		for range 40 {
			at := places.IntN(len(good))
			write(t, good)
			if err := flip(changed, int64(at)); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{changed, "-key", h.keys}, {changed, "-key", h.keys, "-proof", h.proof}} {
				if o := verify(t, args...); o.code != exitTampered && o.code != exitMalformed && o.code != exitUntrusted && o.code != exitIncomplete {
					t.Errorf("seed %d, byte %d of %d changed: exit code %d:\n%s", seed, at, len(good), o.code, o.said())
				}
			}
		}
	})
	// What deploy/local tells people to try: printf CHANGED | dd bs=1 seek=5000.
	t.Run("the demonstration", func(t *testing.T) {
		data := slices.Clone(good)
		copy(data[5000:], "CHANGED")
		write(t, data)
		if o := verify(t, changed, "-key", h.keys); o.code != exitTampered && o.code != exitMalformed {
			t.Errorf("exit code %d:\n%s", o.code, o.said())
		}
	})
	t.Run("evidence", func(t *testing.T) { // bytes of an exhibit are stored as they are
		write(t, good)
		if err := flip(changed, int64(indexOf(t, good, random(311, 220_000)))+100); err != nil {
			t.Fatal(err)
		}
		if o := verify(t, changed, "-key", h.keys); o.code != exitTampered {
			t.Errorf("exit code %d, want %d:\n%s", o.code, exitTampered, o.said())
		}
	})
	t.Run("cut short", func(t *testing.T) {
		write(t, good[:len(good)/2])
		if o := verify(t, changed, "-key", h.keys); o.code != exitMalformed {
			t.Errorf("exit code %d, want %d:\n%s", o.code, exitMalformed, o.said())
		}
	})
	other := disclose(t, c)
	for name, tc := range map[string]struct {
		args []string
		code int
	}{
		"somebody else's proof":   {[]string{h.bundle, "-key", h.keys, "-proof", other.proof}, exitTampered},
		"a proof that is missing": {[]string{h.bundle, "-key", h.keys, "-proof", h.proof + ".not"}, exitCannotRead},
		"a key of somebody else":  {[]string{h.bundle, "-key", strangersKey(t)}, exitUntrusted},
		"no key":                  {[]string{h.bundle}, exitUsage},
		"not a bundle":            {[]string{h.keys, "-key", h.keys}, exitMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			if o := verify(t, tc.args...); o.code != tc.code {
				t.Errorf("exit code %d, want %d:\n%s", o.code, tc.code, o.said())
			}
		})
	}
}
