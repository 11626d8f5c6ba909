package compute

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strconv"
	"strings"
	"time"
)

// behaviour is what the containers of an image do. Every image is known and
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
//
// A registry before the repository and a digest after the name are ignored.
// With any other image, a task that RunTask started exits 0 after five seconds.
// The same reference has the same digest until PushImage changes it.
type behaviour struct {
	// Ready is the time from the container's start until it answers health
	// checks.
	Ready time.Duration
	// Sick containers never answer health checks.
	Sick bool
	// Status is the HTTP status of every answer; zero means one that every health
	// check of a load balancer accepts.
	Status int32
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
	// Last is its last log line; empty for none.
	Last string
}

// oneOffTime is how long a one-off task of an ordinary image runs.
const oneOffTime = 5 * time.Second

// behaviourOf reads the script from an image's name.
func behaviourOf(image string, oneOff bool) behaviour {
	ref, _, _ := strings.Cut(image, "@")
	i := strings.LastIndex("/"+ref, "/sandbox/")
	if i < 0 {
		if oneOff {
			return behaviour{Ends: true, After: oneOffTime, Last: "done"}
		}
		return behaviour{}
	}
	name, tag, _ := strings.Cut(ref[i+len("sandbox/"):], ":")
	after, err := time.ParseDuration(tag)
	if err != nil || after <= 0 {
		after = time.Second
	}
	switch name {
	case "crash":
		return behaviour{Ends: true, After: after, Code: 1, Last: "fatal: configuration is not valid, giving up"}
	case "never-healthy":
		return behaviour{Sick: true}
	case "answers":
		status, _ := strconv.Atoi(tag)
		return behaviour{Status: int32(min(max(status, 200), 599))}
	case "slow":
		return behaviour{Ready: after}
	case "pull-error":
		return behaviour{PullError: true}
	case "exit":
		code, _ := strconv.Atoi(tag)
		return behaviour{Ends: true, After: time.Second, Code: int32(code & 0xff), Last: "exiting with code " + strconv.Itoa(code&0xff)}
	case "resolve":
		return behaviour{Ends: true, After: time.Second, Name: tag}
	case "connect":
		dash := max(strings.LastIndex(tag, "-"), 0)
		port, _ := strconv.Atoi(strings.TrimPrefix(tag[dash:], "-"))
		return behaviour{Ends: true, After: time.Second, Name: tag[:dash], Port: int32(port & 0xffff)}
	}
	if oneOff {
		return behaviour{Ends: true, After: oneOffTime, Last: "done"}
	}
	return behaviour{}
}

// Images are the digests of the images that tasks run.
type Images struct {
	s     *state
	needs *Needs
}

// PushImage changes the content of an image reference, so that it gets a new
// digest.
func (p *Images) PushImage(ref string) {
	if p.s.Images == nil {
		p.s.Images = map[string]int{}
	}
	p.s.Images[ref]++
}

// ImageDigest returns the present digest of an image reference, such as
// sha256:0123...; a digest in the reference itself takes precedence.
func (p *Images) ImageDigest(ref string) string {
	if _, pinned, ok := strings.Cut(ref, "@"); ok {
		return pinned
	}
	if digest, ok := p.needs.Registry.Pullable(ref); ok && digest != "" {
		return digest
	}
	sum := sha256.Sum256([]byte(ref + "#" + strconv.Itoa(p.s.Images[ref])))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// shortName is an image's name without registry, tag and digest.
func shortName(image string) string {
	ref, _, _ := strings.Cut(image, "@")
	base, _, _ := strings.Cut(path.Base(ref), ":")
	return base
}
