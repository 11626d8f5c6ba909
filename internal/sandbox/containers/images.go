package containers

import (
	"path"
	"strconv"
	"strings"
	"time"
)

// Behaviour is what the containers of an image do. Every image is known and
// runs well; images of the repository "sandbox/" follow a script that their
// name selects, so that a Compose file can show a failure:
//
//	sandbox/crash             writes an error line and exits 1 a second after its start
//	sandbox/crash:30s         does so 30 seconds after its start
//	sandbox/never-healthy     runs, but no health check ever succeeds
//	sandbox/answers:404       answers every HTTP request with this status
//	sandbox/slow:45s          answers from 45 seconds after its start on
//	sandbox/pull-error        cannot be pulled
//	sandbox/exit:3            does a second's work and exits with 3
//	sandbox/resolve:NAME      resolves NAME and exits 0, or 1 if it does not resolve
//	sandbox/connect:NAME-PORT resolves NAME, connects to its TCP port and exits 0, or 1
//	sandbox/uses:700m         takes this much memory, and is killed where there is less
//	sandbox/built-for:arm64   runs on this architecture alone
//	sandbox/index-of:arm64    is an index that has an image for this architecture alone
//	sandbox/programs:NAME     has no other program than NAME
//	sandbox/writes:30g        writes this much to its disk, and exits 1 where there is less
//	sandbox/fails:500         is healthy, and answers every other request with this status
//	sandbox/listens:8080      listens on this port, and exits 1 if another container does
//	sandbox/serves:up         answers GET /up with 200 and every other path with 404
//	sandbox/needs:NAME-PORT   connects to a TCP port at its start, and exits 1 if it cannot
//	sandbox/calls:s3-ListAllMyBuckets
//	                          calls AWS at its start, and exits 1 if its role may not
//
// A registry before the repository and a digest after the name are ignored.
// With any other image, a task that RunTask started exits 0 after five seconds.
// The same reference has the same digest until PushImage changes it.
type Behaviour struct {
	// Ready is the time from the container's start until it answers health
	// checks.
	Ready time.Duration
	// Sick containers never answer health checks.
	Sick bool
	// Status is the HTTP status of every answer; zero means one that every health
	// check of a load balancer accepts.
	Status int32
	// Fails is the HTTP status of the answers to all requests but health checks; zero
	// means that they succeed.
	Fails int32
	// Ends says that the container exits by itself with Code, at the time After
	// its start.
	Ends  bool
	After time.Duration
	Code  int32
	// PullError says that there is no such image.
	PullError bool
	// Name is the name that the container looks up before it exits, Port the
	// port that it connects to; the results decide Code. Without a port it only
	// looks the name up.
	Name string
	Port int32
	// Stays says that it runs on if it reached what it looked up, and exits otherwise.
	Stays bool
	// Call is the action that it calls at its start, as in a policy; empty for none.
	Call string
	// Only is the only path that it answers with success; empty for all.
	Only string
	// Last is its last log line; empty for none.
	Last string
	// Memory is what it takes, in MiB, and Disk what it writes, in GiB; zero for next
	// to nothing. Listens is the port that it listens on, if that matters.
	Memory, Disk, Listens int
	// Arch is the only architecture that the image is for, in Compose's words; Index
	// says that an image index shows that before the pull. Empty is any.
	Arch  string
	Index bool
	// Program is the only program in the image; empty for every program.
	Program string
}

// oneOffTime is how long a one-off task of an ordinary image runs.
const oneOffTime = 5 * time.Second

// Of reads what an image's containers do from its name. oneOff says that the task ends
// by itself, if its image does nothing else.
func Of(image string, oneOff bool) Behaviour {
	ref, _, _ := strings.Cut(image, "@")
	i := strings.LastIndex("/"+ref, "/sandbox/")
	if i < 0 {
		if oneOff {
			return Behaviour{Ends: true, After: oneOffTime, Last: "done"}
		}
		return Behaviour{}
	}
	name, tag, _ := strings.Cut(ref[i+len("sandbox/"):], ":")
	after, err := time.ParseDuration(tag)
	if err != nil || after <= 0 {
		after = time.Second
	}
	switch name {
	case "crash":
		return Behaviour{Ends: true, After: after, Code: 1, Last: "fatal: configuration is not valid, giving up"}
	case "never-healthy":
		return Behaviour{Sick: true}
	case "answers":
		status, _ := strconv.Atoi(tag)
		return Behaviour{Status: int32(min(max(status, 200), 599))}
	case "fails":
		status, _ := strconv.Atoi(tag)
		return Behaviour{Fails: int32(min(max(status, 200), 599))}
	case "slow":
		return Behaviour{Ready: after}
	case "pull-error":
		return Behaviour{PullError: true}
	case "exit":
		code, _ := strconv.Atoi(tag)
		return Behaviour{Ends: true, After: time.Second, Code: int32(code & 0xff), Last: "exiting with code " + strconv.Itoa(code&0xff)}
	case "resolve":
		return Behaviour{Ends: true, After: time.Second, Name: tag}
	case "uses":
		mib, _ := strconv.Atoi(strings.TrimSuffix(tag, "m"))
		return Behaviour{Memory: mib}
	case "built-for":
		return Behaviour{Arch: tag}
	case "index-of":
		return Behaviour{Arch: tag, Index: true}
	case "programs":
		return Behaviour{Program: tag}
	case "writes":
		gib, _ := strconv.Atoi(strings.TrimSuffix(tag, "g"))
		return Behaviour{Disk: gib}
	case "listens":
		port, _ := strconv.Atoi(tag)
		return Behaviour{Listens: port}
	case "serves":
		return Behaviour{Only: "/" + tag}
	case "calls":
		return Behaviour{Call: strings.Replace(tag, "-", ":", 1)}
	case "connect", "needs":
		dash := max(strings.LastIndex(tag, "-"), 0)
		port, _ := strconv.Atoi(strings.TrimPrefix(tag[dash:], "-"))
		return Behaviour{Ends: true, After: time.Second, Name: tag[:dash], Port: int32(port & 0xffff), Stays: name == "needs"}
	}
	if oneOff {
		return Behaviour{Ends: true, After: oneOffTime, Last: "done"}
	}
	return Behaviour{}
}

// shortName is an image's name without registry, tag and digest.
func shortName(image string) string {
	ref, _, _ := strings.Cut(image, "@")
	base, _, _ := strings.Cut(path.Base(ref), ":")
	return base
}
