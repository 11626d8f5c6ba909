package cron

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Kind is a kind of expression.
type Kind int

// The kinds of expressions.
const (
	// Cron runs at times of the calendar.
	Cron Kind = iota
	// Rate runs again after a fixed time.
	Rate
	// At runs once.
	At
)

// Expression says when a schedule runs. Parse makes it; the zero Expression runs
// never.
type Expression struct {
	kind Kind
	// fields are those of Cron, in AWS's order.
	fields fields
	// every is the interval of Rate, count and unit its text.
	every time.Duration
	count int
	unit  string
	// at is the moment of At as the clock of the schedule's zone shows it.
	at time.Time
}

// Error says why a text is no expression.
type Error struct {
	// What is wrong, such as "hour 25 is not between 0 and 23".
	What string
	// Remedy is what to write instead.
	Remedy string
}

// Error implements error.
func (e *Error) Error() string { return e.What }

func refuse(remedy, format string, args ...any) error {
	return &Error{What: fmt.Sprintf(format, args...), Remedy: remedy}
}

// The longest text, and the longest time between two runs of a rate.
const (
	longest  = 256 // https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
	mostDays = 366
)

const examples = `write for example "0 3 * * *", "rate(5 minutes)" or "at(2027-01-01T03:00:00)"`

var wrapped = regexp.MustCompile(`(?s)^(cron|rate|at)\s*\((.*)\)$`)

// Parse reads an expression. The error is an *Error.
func Parse(text string) (Expression, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Expression{}, refuse(examples, "the expression is empty")
	case len(text) > longest:
		return Expression{}, refuse("list fewer times, or use ranges and steps", "the expression has more than %d characters", longest)
	case strings.HasPrefix(text, "@"):
		return parseMacro(text)
	}
	if rest, ok := strings.CutPrefix(strings.ToLower(text), "every "); ok {
		return parseEvery(rest)
	}
	if m := wrapped.FindStringSubmatch(text); m != nil {
		switch m[1] {
		case "rate":
			return ParseRate(m[2])
		case "at":
			return ParseAt(m[2])
		}
		return ParseCron(m[2])
	}
	if strings.ContainsAny(text, "()") {
		return Expression{}, refuse(examples, "%q is neither cron(...) nor rate(...) nor at(...)", text)
	}
	return ParseCron(text)
}

// ParseCron reads the fields of a cron expression: Unix's five or AWS's six.
func ParseCron(text string) (Expression, error) {
	words := strings.Fields(text)
	var f fields
	var err error
	switch len(words) {
	case 5:
		f, err = parseUnix(words)
	case 6:
		f, err = parseAWS(words)
	default:
		return Expression{}, refuse("write minute, hour, day of month, month and day of week, and for AWS's form the year",
			"a cron expression has five fields, or AWS's six; this one has %d", len(words))
	}
	if err != nil {
		return Expression{}, err
	}
	e := Expression{kind: Cron, fields: f}
	if !f.ever() {
		return Expression{}, refuse("choose a day that the month has", "no day matches the expression, so it would never run")
	}
	if len(e.String()) > longest {
		return Expression{}, refuse("list fewer times, or use ranges and steps",
			"AWS's form of the expression has more than %d characters", longest)
	}
	return e, nil
}

// parseMacro reads the macros of Unix's cron.
func parseMacro(text string) (Expression, error) {
	switch strings.ToLower(text) {
	case "@hourly":
		return ParseCron("0 * * * *")
	case "@daily", "@midnight":
		return ParseCron("0 0 * * *")
	case "@weekly":
		return ParseCron("0 0 * * 0")
	case "@monthly":
		return ParseCron("0 0 1 * *")
	case "@yearly", "@annually":
		return ParseCron("0 0 1 1 *")
	}
	return Expression{}, refuse(`use @hourly, @daily, @weekly, @monthly or @yearly, or "every 5 minutes"`, "there is no macro %q", text)
}

// parseEvery reads "5 minutes", or "minute" for one.
func parseEvery(text string) (Expression, error) {
	words := strings.Fields(text)
	if len(words) == 1 {
		words = []string{"1", words[0]}
	}
	return ParseRate(strings.Join(words, " "))
}

// ParseRate reads the text between the parentheses of rate(): a number and a unit.
func ParseRate(text string) (Expression, error) {
	const remedy = "write a whole number and minutes, hours or days, such as rate(5 minutes)"
	words := strings.Fields(strings.ToLower(text))
	if len(words) != 2 {
		return Expression{}, refuse(remedy, "a rate is a number and a unit, not %q", strings.TrimSpace(text))
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 1 {
		return Expression{}, refuse(remedy, "the number of a rate must be 1 or more, not %q", words[0])
	}
	unit := strings.TrimSuffix(words[1], "s")
	var one time.Duration
	switch unit {
	case "minute":
		one = time.Minute
	case "hour":
		one = time.Hour
	case "day":
		one = 24 * time.Hour
	default:
		return Expression{}, refuse(remedy, "%q is no unit of a rate", words[1])
	}
	if n > int(mostDays*24*time.Hour/one) {
		return Expression{}, refuse("use a cron expression with the month, or with the year", "a rate of more than %d days is not supported", mostDays)
	}
	if n > 1 {
		unit += "s"
	}
	return Expression{kind: Rate, every: time.Duration(n) * one, count: n, unit: unit}, nil
}

// atLayout is how AWS writes the moment of at().
const atLayout = "2006-01-02T15:04:05"

// ParseAt reads the text between the parentheses of at().
func ParseAt(text string) (Expression, error) {
	text = strings.TrimSpace(text)
	t, err := time.Parse(atLayout, text)
	if err != nil || len(text) != len(atLayout) || t.Year() < firstYear || t.Year() > lastYear {
		return Expression{}, refuse("write it as 2027-01-01T03:00:00, without an offset: the zone is a key of its own", "%q is not a date and time", text)
	}
	return Expression{kind: At, at: t}, nil
}

// Kind is the expression's kind.
func (e Expression) Kind() Kind { return e.kind }

// String is the expression as EventBridge Scheduler takes it.
func (e Expression) String() string {
	switch e.kind {
	case Rate:
		return fmt.Sprintf("rate(%d %s)", e.count, e.unit)
	case At:
		return "at(" + e.at.Format(atLayout) + ")"
	}
	return "cron(" + e.fields.String() + ")"
}

// MarshalText is String, so that JSON shows an expression as AWS's text.
func (e Expression) MarshalText() ([]byte, error) { return []byte(e.String()), nil }
