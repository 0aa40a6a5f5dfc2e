package servers

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

const (
	nobody         = 65534 // the user of last resort; every system has it
	capDACOverride = 1     // CAP_DAC_OVERRIDE: pass through folders of others

	prGetSecurebits = 27     // PR_GET_SECUREBITS
	prSetSecurebits = 28     // PR_SET_SECUREBITS
	noSetuidFixup   = 1 << 2 // SECBIT_NO_SETUID_FIXUP
)

// runAs is how PostgreSQL is started, which refuses to run as root and as a
// user that the system has no name for.
//
// As an ordinary user it is simply started. Otherwise it runs in a user
// namespace in which we are called nobody, so that its files may lie anywhere
// that we can reach. Where namespaces are forbidden, as in most containers,
// root runs it as the real nobody, with the one capability to pass through
// root's folders.
type runAs struct {
	attr  *syscall.SysProcAttr
	owner int // of the data folder, where it is not us
}

// unprivileged returns how to run PostgreSQL, whose data folder is, or will be,
// data. The owner of a folder that exists decides.
func unprivileged(data string) (runAs, error) {
	me := os.Geteuid()
	if _, err := user.LookupId(strconv.Itoa(me)); err == nil && me != 0 {
		return runAs{}, nil
	}
	ways := []runAs{namespaced()}
	if me == 0 {
		ways = append(ways, lowered(nobody))
	}
	if info, err := os.Stat(data); err == nil {
		ways = ways[:1]
		if owner := int(info.Sys().(*syscall.Stat_t).Uid); owner != me {
			ways = []runAs{lowered(owner)}
		}
	}
	var err error
	for _, way := range ways {
		probe := exec.Command("/bin/sh", "-c", "test $(id -u) -ne 0")
		probe.SysProcAttr = way.attr
		if err = way.start(probe); err == nil {
			err = probe.Wait()
		}
		if err == nil {
			return way, nil
		}
	}
	return runAs{}, fmt.Errorf("becoming another user, since it does not run as user %d: %w", me, err)
}

func namespaced() runAs {
	return runAs{attr: &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getegid(), Size: 1}},
	}}
}

func lowered(uid int) runAs {
	return runAs{owner: uid, attr: &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)},
		AmbientCaps: []uintptr{capDACOverride},
	}}
}

// start starts cmd, whose SysProcAttr is from here.
//
// A capability that outlives a change of user is no help to access(2), by which
// PostgreSQL looks for its own programs, unless the kernel is told to leave
// capabilities alone. That is an attribute of a thread, which children inherit.
func (r runAs) start(cmd *exec.Cmd) error {
	if r.owner == 0 {
		return cmd.Start()
	}
	runtime.LockOSThread()
	before, err := prctl(prGetSecurebits, 0)
	if err == nil {
		_, err = prctl(prSetSecurebits, before|noSetuidFixup)
	}
	if err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("keeping a capability for user %d: %w", r.owner, err)
	}
	err = cmd.Start()
	if _, failed := prctl(prSetSecurebits, before); failed == nil {
		runtime.UnlockOSThread() // otherwise the thread ends with its goroutine
	}
	return err
}

func prctl(option int, value uintptr) (uintptr, error) {
	result, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, uintptr(option), value, 0)
	if errno != 0 {
		return 0, errno
	}
	return result, nil
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
