package state

import (
	"errors"
	"os"
	"os/user"
	"strings"
	"syscall"
)

// ThisHost is this process as a Holder: host name, boot and process id. Who is
// the local user's name; the caller replaces it by the ARN where there is one.
func ThisHost() Holder {
	h := Holder{PID: os.Getpid(), Boot: boot()}
	if name, err := os.Hostname(); err == nil {
		h.Host = name
	}
	if u, err := user.Current(); err == nil {
		h.Who = u.Username
	}
	return h
}

// boot distinguishes boots and, on Linux, containers of one host name: a process id
// identifies a process only within one of them.
func boot() string {
	id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // absent outside of Linux
	ns, _ := os.Readlink("/proc/self/ns/pid")
	return strings.TrimSpace(string(id)) + ns
}

// ProcessAlive says whether a process of this host runs. One that belongs to
// another user counts as alive.
func ProcessAlive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, syscall.EPERM)
}
