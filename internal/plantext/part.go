package plantext

import (
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/engine"
)

// Kind is the kind of a Part.
type Kind int

// The kinds of parts, in the order in which a plan shows them.
const (
	// Environment is what projects share: the network, the cluster, the load
	// balancers, the file systems.
	Environment Kind = iota
	// Project is what all services of a project share.
	Project
	// Settings are changed settings that concern several parts.
	Settings
	Service
	Job
	Database
	Volume
	// Unmarked are objects that carry no owner's mark.
	Unmarked
)

// Part is one of the things that people think of when they read a plan: a service,
// a job, a database, a volume, or what these share. It has the facts that the plan
// itself does not have.
type Part struct {
	Kind Kind
	Name string
	// Size is how many there are and how large, such as "2 x 0.5 vCPU, 1 GiB".
	Size string
	// Image is the image, or what it is built from.
	Image string
	// Reach are the places at which clients reach the part, the public ones first.
	Reach []string
	// Facts are what a plan makes and deletes of a part that is shared.
	Facts []Fact
	// Actions are all actions on the part's objects. Main is the one that stands for
	// the part: the service in ECS, the run of a job, the database; nil if that
	// object stays as it is. If Main leaves the object, a change that the files ask
	// for is not made.
	Actions []*engine.Action
	Main    *engine.Action
	// Along are those of the actions that another change brings along and that nobody
	// has to read about: they are counted only.
	Along []*engine.Action
	// Rolls says that the running tasks are replaced. Scale is how many tasks start
	// besides, or stop if it is negative.
	Rolls bool
	Scale int
	// Rollout is how the traffic moves to new tasks, in words, and Moves how long that
	// takes; zero if tasks are replaced one after another.
	Rollout string
	Moves   time.Duration
	// Spot is how many of the tasks run on Spot.
	Spot int
	// Loses says that its data is deleted for good.
	Loses bool
	// Minor says that only settings change that restart nothing: the part is not
	// named.
	Minor bool
	// Changes are what changes, in the words of the files.
	Changes []Change
	// Scheduled says that a job is run by its schedule, and not by berth.
	Scheduled bool
	// Stays says that the part exists and goes on, though the plan makes or deletes only
	// some of what belongs to it.
	Stays bool
	// Causes are the workloads whose change makes a job run again.
	Causes []string
}

// Fact says in a few words what all actions of a verb do to a shared part.
type Fact struct {
	Verb engine.Verb
	Text string
}

// Change is one change in the words of the files.
type Change struct {
	// At is the file:line of the key; empty if no file has it.
	At string
	// Key is the key, such as environment.LOG_LEVEL.
	Key string
	// Before and After are the values; both are empty if they are not shown.
	Before, After string
	// Text says what happens where there are no values, such as "changed".
	Text string
	// Why is added in brackets.
	Why string
	// Held says that the change is not made.
	Held bool
	// Setting says that the key is a setting of x-berth for the whole project.
	Setting bool
}

// Tone is what a line of a plan is about; a terminal shows it as a colour.
type Tone int

// The tones of a line.
const (
	Plain Tone = iota
	// New: something is created.
	New
	// Changes: something changes or restarts.
	Changes
	// Danger: something is deleted, or data is at stake.
	Danger
	// Aside: less important than the rest.
	Aside
	// Title: the title of a group.
	Title
)

// Line is one line of a plan. Head is the part that has the tone.
type Line struct {
	Tone       Tone
	Head, Rest string
}

// String is the line without its tone.
func (l Line) String() string { return l.Head + l.Rest }

// sign is the sign of a part: + new, ~ changes, - goes, > runs, = only waits, ! is
// not changed; empty if nothing happens to it.
func (p Part) sign() string {
	if p.Minor {
		return ""
	}
	if p.Main != nil {
		switch p.Main.Verb {
		case engine.VerbDelete:
			return "-"
		case engine.VerbLeave:
			return "!"
		case engine.VerbCreate, engine.VerbUpdate, engine.VerbReplace:
			switch {
			case p.Kind == Job && !p.Scheduled:
				return ">"
			case p.Main.Verb == engine.VerbCreate:
				return "+"
			}
			return "~"
		}
	}
	verbs := map[engine.Verb]int{}
	for _, a := range p.Actions {
		verbs[a.Verb]++
	}
	all := len(p.Actions) - verbs[engine.VerbLeave] - verbs[engine.VerbNone]
	if p.Kind == Project && all > 0 && len(p.Along) == all && len(p.Changes) == 0 {
		return ""
	}
	switch {
	case all == 0 && len(p.Changes) == 0:
		return ""
	case all > 0 && p.Stays && verbs[engine.VerbCreate]+verbs[engine.VerbDelete] > 0:
		return "~"
	case verbs[engine.VerbCreate] == all && all > 0:
		return "+"
	case verbs[engine.VerbDelete] == all && all > 0:
		return "-"
	case verbs[engine.VerbWait]+verbs[engine.VerbRecord] == all && all > 0:
		return "="
	}
	return "~"
}

// size is the part's size on its line. For new parts, a line of the project says what
// runs on Spot.
func (p Part) size(sign string) string {
	if sign == "~" && p.Spot > 0 {
		return fmt.Sprintf("%s, %d on Spot", p.Size, p.Spot)
	}
	return p.Size
}

func toneOf(sign string) Tone {
	switch sign {
	case "+", ">":
		return New
	case "-", "!":
		return Danger
	case "~":
		return Changes
	}
	return Plain
}

// waits is the first action of the part that only waits.
func (p Part) waits() *engine.Action {
	for _, a := range p.Actions {
		if a.Verb == engine.VerbWait {
			return a
		}
	}
	return nil
}
