package servers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"syscall"
)

const (
	namespaceUser  = 1000  // what root calls itself inside a user namespace
	nobody         = 65534 // the user of last resort
	capDACOverride = 1     // CAP_DAC_OVERRIDE: pass through folders of others
)

// runAs is how a program is started that refuses to run as root.
//
// As an ordinary user it is simply started. As root it runs in a user namespace
// in which root is called something else, so that its files may lie anywhere
// that root can reach. Where namespaces are forbidden, as in most containers,
// it runs as nobody, with the one capability to pass through root's folders.
type runAs struct {
	attr  *syscall.SysProcAttr
	owner int
}

// unprivileged returns how to run the program whose data folder is, or will
// be, data. A folder that exists decides by its owner.
func unprivileged(data string) (runAs, error) {
	if os.Geteuid() != 0 {
		return runAs{}, nil
	}
	info, err := os.Stat(data)
	switch {
	case err == nil && info.Sys().(*syscall.Stat_t).Uid == 0:
		return namespaced(), nil
	case err == nil:
		return lowered(int(info.Sys().(*syscall.Stat_t).Uid)), nil
	case !errors.Is(err, fs.ErrNotExist):
		return runAs{}, fmt.Errorf("looking at the data folder: %w", err)
	}
	for _, way := range []runAs{namespaced(), lowered(nobody)} {
		probe := exec.Command("/bin/sh", "-c", "test $(id -u) -ne 0")
		probe.SysProcAttr = way.attr
		if err = probe.Run(); err == nil {
			return way, nil
		}
	}
	return runAs{}, fmt.Errorf("giving up the rights of root, which it refuses to have: %w", err)
}

func namespaced() runAs {
	one := []syscall.SysProcIDMap{{ContainerID: namespaceUser, HostID: 0, Size: 1}}
	return runAs{attr: &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER, UidMappings: one, GidMappings: one}}
}

func lowered(uid int) runAs {
	return runAs{owner: uid, attr: &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)},
		AmbientCaps: []uintptr{capDACOverride},
	}}
}

// command returns the command line. The capability takes effect only at the
// first exec, hence the shell in between.
func (r runAs) command(path string, args ...string) (string, []string) {
	if r.owner == 0 {
		return path, args
	}
	return "/bin/sh", append([]string{"-c", `exec "$0" "$@"`, path}, args...)
}

// makeDir makes a folder that belongs to the user.
func (r runAs) makeDir(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil {
		return fmt.Errorf("making its data folder: %w", err)
	}
	if r.owner == 0 {
		return nil
	}
	if err := os.Chown(path, r.owner, r.owner); err != nil {
		return fmt.Errorf("giving its data folder away: %w", err)
	}
	return nil
}
