package intake_test

import (
	"os"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// Files of which the system does not know the length come in to their end.
func TestFilesOfProc(t *testing.T) {
	const place = "/proc/sys/kernel/random"
	want, err := os.ReadFile(place + "/boot_id")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer()
	out := bring(t, s, journal(t, t.TempDir()), place)
	lines := linesOf(t, s, out[0])
	if l := lines["random/boot_id"]; l.Digest != evidence.Sum(want) || l.State != collection.Whole || l.Remark == "" {
		t.Errorf("%+v", l)
	}
	var told int64
	got := send(t, s, journal(t, t.TempDir()), find(t, place+"/boot_id", place+"/uuid", place+"/boot_id"), &told)
	if len(got) != 2 || got[0].Err != nil || got[0].Digest != evidence.Sum(want) || got[0].Length != int64(len(want)) || got[1].Err != nil || got[1].Length == 0 {
		t.Errorf("%+v", got)
	}
}
