package why

import (
	"context"
	"time"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/status"
)

// Subject is what is asked about: a service, the family of a job, or one task.
type Subject struct {
	// Name is the service's or job's in the Compose file, Container that of its own
	// container.
	Name, Container string
	Cluster         string
	// Service is the name in ECS; empty for a job, which is named by Family.
	Service, Family string
	LogGroup        string
	// Task limits the question to one task.
	Task string
	// Environment is where secrets of berth's lie: /berth/ENVIRONMENT/NAME.
	Environment string
	// Neighbours are the other services of the file, Databases its managed databases.
	Neighbours []Neighbour
	Databases  []status.WantedDatabase
}

// The states that an answer tells.
const (
	// Well says that nothing is wrong.
	Well = "well"
	// Wrong says that something is wrong now.
	Wrong = "wrong"
	// Was says that something was wrong, and that it works now.
	Was = "was_wrong"
	// Absent says that AWS has no such service, job or task.
	Absent = "absent"
)

// Answer is why something does not run, or did not.
type Answer struct {
	// Name is the service or job.
	Name  string `json:"name"`
	State string `json:"state"`
	// Code names the kind of the cause, and never changes; empty without a cause.
	Code string `json:"code,omitempty"`
	// Cause is the cause in one line or, if nothing is wrong, what runs.
	Cause string `json:"cause"`
	// Evidence is what AWS says that shows it.
	Evidence []string `json:"evidence"`
	// Next is what to do about it, with the command; empty if nothing is to be done.
	Next string `json:"next,omitempty"`
	// Task is the ended task that shows the cause.
	Task string `json:"task,omitempty"`
	// Log are the last lines of that task.
	Log []string `json:"log"`
}

// cause is what a rule recognised.
type cause struct {
	text, next string
	// shown is the evidence of the rule's own.
	shown []string
	// now says that it is wrong now, whatever the service looks like.
	now bool
}

// Of reads the facts about a subject and names the cause. What cannot be read, for
// lack of a permission, is left out of the evidence; an error says that ECS could not
// be read at all.
func Of(ctx context.Context, c *aws.Clients, s Subject, now time.Time) (Answer, error) {
	f, err := Gather(ctx, c, s, now)
	if err != nil {
		return Answer{}, err
	}
	return Judge(f), nil
}
