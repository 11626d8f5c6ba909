package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app/aliases"
	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/app/sidecar"
	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// subject is one Compose service as the stages that translate it get it. No stage
// changes it.
type subject struct {
	reading
	name    string
	compose types.ServiceConfig
	x       project.XService
	// path is services.NAME, unless the service replaces a model.
	path string
	// host is the service in whose tasks it runs; empty if it has its own. sidecars
	// are those of the project.
	host     string
	sidecars *sidecar.Sidecars
	// beside is what the other containers of its task ask for, named in others.
	beside capacity.Size
	others []string
	// job says that the service is a job, or runs in the tasks of one; networks are the names of its networks.
	job      bool
	networks []string
	settings Settings
}

// refuse adds a problem of one key of the service, "" for the service itself.
func (s subject) refuse(key, what, why, remedy string) {
	s.reading.refuse(s.path+dotted(key), "service "+s.name+": "+what, why, remedy)
}

func (s subject) notice(key, format string, args ...any) {
	about(s.reading, project.OfService, s.name, s.path+dotted(key), format, args...)
}

// concern is a notice with what there is to decide.
func concern(s subject, c project.Concern, key, format string, args ...any) {
	raise(s.reading, c, project.OfService, s.name, s.path+dotted(key), format, args...)
}

// noticeOf is a notice of a subject of the service, such as a port: one is what it
// says of one subject, many of several.
func noticeOf(s subject, c project.Concern, path, about, one, many string) {
	*s.notices = append(*s.notices, Notice{
		At: s.at(path), Concern: c, Kind: project.OfService, Names: []string{s.name}, Text: about + " " + one, Subject: about, Many: many,
	})
}

// drop is subject.refuse for a key that an overlay can take out.
func drop(s subject, key, what, why, remedy string) {
	path := s.path + dotted(key)
	s.problems.Add(Problem{At: s.at(path), What: "service " + s.name + ": " + what, Why: why, Remedy: remedy, Drop: path})
}

// deny refuses a key if the capacity does.
func (s subject) deny(key string, r *capacity.Refusal) {
	if r != nil {
		s.refuse(key, r.What, r.Why, r.Remedy)
	}
}

// sayNames says what container_name and hostname do: siblings find the service
// by them, while the container itself has another name.
func (s subject) sayNames(further []string) {
	for _, k := range aliases.Implied(s.compose) {
		if strings.EqualFold(k.Value, s.name) || slices.Contains(further, k.Value) {
			s.notice(k.Key, "%s: %s; for siblings it is one more name of the service", k.Key, k.Who)
		}
	}
}

func (s subject) has(key string) bool { return s.project.Positions.Has(s.path + dotted(key)) }

// origin is the file:line of a key.
func (s subject) origin(key string) string { return s.at(s.path + dotted(key)).String() }

func dotted(key string) string {
	if key == "" {
		return ""
	}
	return "." + key
}

func item(key string, i int) string { return project.Item(key, i) }

// bounded rounds a time up to seconds and moves it into the bounds, with a notice
// if that changes it.
func (s subject) bounded(key string, d time.Duration, in capacity.Range) int {
	want := int((d + time.Second - 1) / time.Second)
	got := max(in.Low, min(in.High, want))
	if got != want || d%time.Second != 0 {
		s.notice(key, "%s becomes %d s: AWS allows whole seconds from %d to %d", key, got, in.Low, in.High)
	}
	return got
}

// lookAt gives notice of a literal that looks like a credential, without showing
// it.
func (s subject) lookAt(key, value, path string) {
	if credential.Variable(key, value) {
		*s.notices = append(*s.notices, credentialNotice(s.at(path), s.name, key, ", and remove its value from the file"))
	}
}

// lookAtWords does the same for the words of a command.
func (s subject) lookAtWords(key string, words []string) {
	if !slices.Equal(credential.Args(words), words) {
		concern(s, project.Credential, key, "%s contains what looks like a credential, and anyone who can read the task definition can read it; "+
			"use a variable without a value, which is a secret", key)
	}
}

// credentialNotice says that a variable's value looks like a credential. more is what
// else there is to do than to set the secret.
func credentialNotice(at Position, service, key, more string) Notice {
	return Notice{
		At: at, Concern: project.Credential, Kind: project.OfService, Names: []string{service}, Subject: key,
		Text: fmt.Sprintf("%s looks like a credential, and anyone who can read the task definition can read it; "+
			"to make it a secret, run `berth secret set %[1]s`%s", key, more),
		Many: "look like credentials, and anyone who can read the task definition can read them; " +
			"to make one a secret, run `berth secret set NAME`, and remove its value if it is under environment in the file",
	}
}

// secretName says whether a text can be the name of a secret, and refuses it if
// not.
func (s subject) secretName(name, path string) bool {
	if problem := SecretNameProblem(name); problem != "" {
		s.reading.refuse(path, fmt.Sprintf("service %s: %q cannot be the name of a secret", s.name, name), problem, "use letters, digits and the characters _ . -")
		return false
	}
	return true
}
