package schedule

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/cron"
	"github.com/berthdev/berth/internal/project"
)

// Schedule says when a job runs.
type Schedule struct {
	// Expression is when it runs, in the time of Zone, an IANA name.
	Expression cron.Expression
	Zone       string
	// JitterMinutes spreads the runs over so many minutes.
	JitterMinutes int `json:",omitempty"`
	// Retries is how often AWS repeats a call that started no task, MaxAge for how long.
	Retries int
	MaxAge  time.Duration
	// DeadLetter is the ARN or the name of a queue; empty for none.
	DeadLetter string `json:",omitempty"`
	// Input are the variables of the runs that the schedule starts.
	Input map[string]string `json:",omitempty"`
	// Enabled is false for a schedule that starts nothing.
	Enabled bool
}

// The defaults. AWS's own are 185 retries in 24 hours: a job of 3 in the morning would
// then start at any time of the day.
const (
	Retries = 2
	MaxAge  = time.Hour
)

// UTC is the zone without a timezone.
const UTC = "UTC"

// Subject is the service that a schedule is of: where problems and notices go.
type Subject struct {
	Refuse func(key, what, why, remedy string)
	Notice func(key, format string, args ...any)
}

// Read translates x-berth.schedule. ok is false if there is a problem.
func Read(f Subject, x project.XSchedule) (s Schedule, ok bool) {
	s = Schedule{
		Zone: UTC, Retries: Retries, MaxAge: MaxAge, DeadLetter: x.DeadLetter, Enabled: x.Enabled == nil || *x.Enabled,
	}
	r := reader{f, &s, true}
	r.expression(x)
	r.zone(x)
	r.bounds(x)
	r.input(x)
	if x.DeadLetter != "" && !queue.MatchString(x.DeadLetter) {
		r.refuse("dead_letter", fmt.Sprintf("dead_letter cannot be %q", x.DeadLetter), "EventBridge Scheduler sends failures to a standard queue of SQS",
			"write the queue's name, or its ARN, arn:aws:sqs:REGION:ACCOUNT:NAME")
	}
	switch x.Overlap {
	case "", "allow":
	default:
		r.refuse("overlap", "overlap cannot be "+x.Overlap, "EventBridge Scheduler starts every run, whether or not the last one has ended; "+
			"berth's task server, which is to come, keeps runs apart",
			"remove overlap, and take a lock in the job if two runs must not overlap")
	}
	return s, r.ok
}

// queue is the ARN or the name of a standard queue.
var queue = regexp.MustCompile(`^(arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:)?[a-zA-Z0-9_-]{1,80}$`)

type reader struct {
	file Subject
	s    *Schedule
	ok   bool
}

func (r *reader) refuse(key, what, why, remedy string) {
	r.file.Refuse(below(key), what, why, remedy)
	r.ok = false
}

// expression reads the one of cron, rate, at and the short form that is set.
func (r *reader) expression(x project.XSchedule) {
	type form struct {
		key, text string
		parse     func(string) (cron.Expression, error)
	}
	var set []form
	for _, f := range []form{
		{"", x.Text, cron.Parse}, {"cron", x.Cron, parseCron}, {"rate", x.Rate, parseRate}, {"at", x.At, parseAt},
	} {
		if f.text != "" {
			set = append(set, f)
		}
	}
	if len(set) != 1 {
		r.refuse("", "the schedule needs exactly one of cron, rate and at", "", `write for example schedule: {cron: "0 3 * * *", timezone: Europe/Berlin}`)
		return
	}
	e, err := set[0].parse(set[0].text)
	var bad *cron.Error
	if errors.As(err, &bad) {
		r.refuse(set[0].key, fmt.Sprintf("%q is not a schedule", set[0].text), bad.What, bad.Remedy)
		return
	}
	r.s.Expression = e
}

// parseCron, parseRate and parseAt also take the forms with the key's name around them.
func parseCron(text string) (cron.Expression, error) { return parseAs(text, cron.Cron, cron.ParseCron) }
func parseRate(text string) (cron.Expression, error) { return parseAs(text, cron.Rate, cron.ParseRate) }
func parseAt(text string) (cron.Expression, error)   { return parseAs(text, cron.At, cron.ParseAt) }

func parseAs(text string, kind cron.Kind, parse func(string) (cron.Expression, error)) (cron.Expression, error) {
	if e, err := cron.Parse(text); err == nil && e.Kind() == kind {
		return e, nil
	}
	return parse(text)
}

func (r *reader) zone(x project.XSchedule) {
	kind := r.s.Expression.Kind()
	if x.Timezone == "" {
		if r.ok && kind != cron.Rate {
			r.file.Notice(below(""), "its times are UTC; timezone: Europe/Berlin in x-berth.schedule would make them those of Berlin")
		}
		return
	}
	loc, err := cron.Zone(x.Timezone)
	if err != nil {
		r.refuse("timezone", err.Error(), "zones have the names of the IANA database", "write for example Europe/Berlin, America/New_York or UTC")
		return
	}
	r.s.Zone = x.Timezone
	if r.ok && !r.s.Expression.Exists(loc) {
		r.refuse("at", "the clock of "+x.Timezone+" never shows this time", "it is put forward over it", "choose a time an hour earlier or later")
	}
}

// bounds reads the numbers, whose bounds the schema has checked.
func (r *reader) bounds(x project.XSchedule) {
	if x.JitterMinutes != nil {
		r.s.JitterMinutes = *x.JitterMinutes
	}
	if x.Retries != nil {
		r.s.Retries = *x.Retries
	}
	if x.MaxAgeMinutes != nil {
		r.s.MaxAge = time.Duration(*x.MaxAgeMinutes) * time.Minute
	}
}

// mostInput is the most that the variables may take: ECS takes 8,192 characters of
// overrides in all.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
const mostInput = 7500

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

func (r *reader) input(x project.XSchedule) {
	size := 0
	for _, name := range slices.Sorted(maps.Keys(x.Input)) {
		value := textOf(x.Input[name])
		key := "input." + name
		switch {
		case !variableName.MatchString(name):
			r.refuse(key, fmt.Sprintf("%q cannot be the name of a variable", name), "", "use letters, digits and underscores")
			continue
		case credential.Variable(name, value):
			r.refuse(key, name+" looks like a credential", "whoever can read the schedule can read its input",
				"run `berth secret set "+name+"`, and give the variable no value under environment")
			continue
		}
		if r.s.Input == nil {
			r.s.Input = map[string]string{}
		}
		r.s.Input[name] = value
		text, err := json.Marshal([]string{name, value})
		if err == nil {
			size += len(text) + len(`{"name":,"value":},`)
		}
	}
	if size > mostInput {
		r.refuse("input", fmt.Sprintf("the variables take %d characters, more than %d", size, mostInput), "ECS limits what a run may override", "put them into a file of the image, or under environment")
	}
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
