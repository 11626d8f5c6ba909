package containers

import (
	"fmt"
	"time"
)

// Room is what a task gives a container, and what it keeps from it.
type Room struct {
	// Memory is in MiB, Disk in GiB.
	Memory, Disk int
	// Arch is the task's architecture, in Compose's words.
	Arch string
	// ReadOnly says that it cannot write to its root file system.
	ReadOnly bool
	// Taken says that another container, which shares its network, has its port.
	Taken bool
	// Refused is why the task's role may not make its call; empty if the role may.
	Refused string
}

// Within changes what a container does as its task demands.
func (b *Behaviour) Within(r Room) {
	switch {
	case b.Disk > 0 && r.ReadOnly:
		b.ends(time.Second, 1, "open /tmp/data: read-only file system")
	case b.Disk > r.Disk:
		b.ends(10*time.Second, 1, "write /tmp/data: no space left on device")
	}
	if b.Call != "" && r.Refused != "" {
		b.ends(time.Second, 1, r.Refused)
	}
	if b.Listens > 0 && r.Taken {
		b.ends(time.Second, 1, fmt.Sprintf("listen tcp :%d: bind: address already in use", b.Listens))
	}
	if b.Memory > r.Memory {
		b.ends(10*time.Second, 137, b.Last)
	}
	if b.Arch == "" || b.Arch == r.Arch {
		return
	}
	// https://repost.aws/knowledge-center/ecs-task-exec-format-error
	b.ends(time.Second, 1, "exec /usr/local/bin/app: exec format error")
	b.PullError = b.Index
}

// ends lets a container exit by itself.
func (b *Behaviour) ends(after time.Duration, code int32, last string) {
	b.Ends, b.After, b.Code, b.Last = true, after, code, last
}

// Unstartable is why a container of an image cannot start with a command: the image has no
// such program; empty if it can.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CannotCreateContainer.html
func Unstartable(image string, command []string) string {
	has := Of(image, false).Program
	if has == "" || len(command) == 0 || command[0] == has {
		return ""
	}
	return "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: " +
		"OCI runtime create failed: runc create failed: unable to start container process: exec: \"" + command[0] +
		"\": executable file not found in $PATH: unknown"
}

// Hears reports whether containers of an image listen on a port that they declare.
func Hears(image string, port int32) bool {
	own := Of(image, false).Listens
	return own == 0 || own == int(port)
}

// Answers is what the other side of a container's port gets.
type Answers struct {
	// Serves is the time from which something answers; zero means never.
	Serves time.Time
	// Status is the HTTP status of every answer; zero means one that every health check
	// accepts. Fails is that of the answers to all requests but health checks.
	Status, Fails int32
	// Only is the only path that is answered with success; empty for all.
	Only string
	// Port is the only port that is answered; zero for whichever is asked.
	Port int
}

// Answers is what a container answers that began at a time.
func (b *Behaviour) Answers(began time.Time) Answers {
	if b.Sick {
		return Answers{}
	}
	return Answers{Serves: began.Add(b.Ready), Status: b.Status, Fails: b.Fails, Only: b.Only, Port: b.Listens}
}
