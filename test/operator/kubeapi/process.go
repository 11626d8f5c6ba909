package kubeapi

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// leash runs a program in a process group of its own that ends with whoever
// holds the other end of its standard input: a test that is killed, or that
// panics, leaves no server behind.
const leash = `("$0" "$@"; kill -9 0) </dev/null & read -r _; kill -9 0`

// process is a program that runs until it is stopped.
type process struct {
	name string
	cmd  *exec.Cmd
	in   io.Closer
	log  string // the file of its output
	gone chan struct{}
}

// launch starts the program; its output goes to a file in dir.
func launch(dir, program string, args ...string) (*process, error) {
	p := &process{name: filepath.Base(program), gone: make(chan struct{})}
	p.log = filepath.Join(dir, p.name+".log")
	out, err := os.Create(p.log)
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.name, err)
	}
	defer out.Close()
	p.cmd = exec.Command("sh", append([]string{"-c", leash, program}, args...)...)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.name, err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.name, err)
	}
	go func() {
		_ = p.cmd.Wait() // always killed
		close(p.gone)
	}()
	return p, nil
}

// stop ends the program at once and waits until it is gone.
func (p *process) stop() {
	_ = p.in.Close()
	<-p.gone
}

// until waits until the program is ready; it fails when the program ends or the
// time is up, with the end of its log.
func (p *process) until(ready func() bool, limit time.Duration) error {
	deadline := time.After(limit)
	for !ready() {
		select {
		case <-p.gone:
			return fmt.Errorf("%s ended:\n%s", p.name, p.tail())
		case <-deadline:
			return fmt.Errorf("%s is not ready after %s:\n%s", p.name, limit, p.tail())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

func (p *process) tail() []byte {
	data, _ := os.ReadFile(p.log)
	lines := bytes.SplitAfter(data, []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-15):], nil)
}

// ports hands out free ports of the loopback interface and keeps them taken
// until they are let go, so that no two of one process are the same.
type ports struct {
	mu        sync.Mutex
	listeners []net.Listener
}

func (p *ports) free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listeners = append(p.listeners, l)
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

func (p *ports) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.listeners {
		_ = l.Close()
	}
	p.listeners = nil
}
