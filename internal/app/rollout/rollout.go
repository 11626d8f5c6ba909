package rollout

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/project"
)

// Strategy is how traffic moves.
type Strategy string

// The strategies besides the rolling update.
const (
	BlueGreen Strategy = "blue_green"
	Linear    Strategy = "linear"
	Canary    Strategy = "canary"
)

// Stage is when a deployment waits for an approval.
type Stage string

// The stages.
const (
	Before Stage = "before"
	Steps  Stage = "steps"
	After  Stage = "after"
)

// ApprovalMinutes is how long a deployment waits for an approval before it goes back: AWS's
// default. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html
const ApprovalMinutes = 24 * 60

// Rolling is the strategy without a Rollout.
const rolling = "rolling"

// Rollout is how a deployment moves traffic to the new tasks, which run beside the old ones.
type Rollout struct {
	Strategy Strategy
	// BakeMinutes is how long the old tasks stay after all traffic has moved.
	BakeMinutes int
	// Percent is the share of the traffic that the new tasks get first, or in each step;
	// 0 for BlueGreen. EveryMinutes is how long they keep it.
	Percent      float64 `json:",omitempty"`
	EveryMinutes int     `json:",omitempty"`
	// Alarms are the names of alarms that end a deployment when they go off, sorted.
	Alarms []string `json:",omitempty"`
	// ErrorsPercent and LatencyMS are the thresholds of alarms that berth makes: the share
	// of failed requests, and the time of the slowest 5 percent of them; 0 for none.
	ErrorsPercent float64 `json:",omitempty"`
	LatencyMS     int     `json:",omitempty"`
	// Approve is when a deployment waits for an approval; empty for never.
	Approve Stage `json:",omitempty"`
}

// The defaults, the times in minutes: the shares and their times are AWS's.
const (
	bake          = 5
	canaryPercent = 5
	canaryEvery   = 10
	linearPercent = 10
	linearEvery   = 6
)

// AWS's bounds. Sources:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html and
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
const (
	most      = 24 * time.Hour
	leastStep = 3
)

// Takes is how long the traffic moves and the old tasks stay, without the start of tasks.
func (r *Rollout) Takes() time.Duration {
	if r == nil {
		return 0
	}
	n := r.BakeMinutes
	switch r.Strategy {
	case Canary:
		n += r.EveryMinutes
	case Linear:
		n += (int(math.Ceil(100/r.Percent)) - 1) * r.EveryMinutes
	}
	if r.Approve != "" {
		n += ApprovalMinutes
	}
	return time.Duration(n) * time.Minute
}

// String is how the traffic moves, as people read it: "canary: 10 % for 3m, bake 3m"; empty
// for a rolling update.
func (r *Rollout) String() string {
	if r == nil {
		return ""
	}
	text := string(r.Strategy) + ": "
	switch r.Strategy {
	case Canary:
		text += fmt.Sprintf("%v %% for %s, ", r.Percent, span(r.EveryMinutes))
	case Linear:
		text += fmt.Sprintf("%v %% each %s, ", r.Percent, span(r.EveryMinutes))
	}
	return text + "bake " + span(r.BakeMinutes)
}

// span is a number of minutes as people write it: 90m, 2h.
func span(minutes int) string {
	if minutes > 0 && minutes%60 == 0 {
		return fmt.Sprintf("%dh", minutes/60)
	}
	return fmt.Sprintf("%dm", minutes)
}

// CheckNone refuses a rollout of what has no deployments that could move traffic.
func CheckNone(f Subject, x *project.XRollout, what string) {
	if x != nil {
		f.Refuse(key, "a "+what+" has no deployments that could move traffic", "", "remove rollout")
	}
}

// Facts are what decides whether the traffic of a service can move.
type Facts struct {
	// Routes is how many rules of the application load balancer lead to the service.
	Routes int
	// Network says that network load balancers lead to it, Direct that the internet
	// reaches its tasks directly.
	Network, Direct bool
	// Connected says that siblings reach it through Service Connect, Named that they
	// reach it by its name.
	Connected, Named bool
	// OneWriter says that one task at most may run.
	OneWriter bool
	// Bounds says that the file bounds the tasks of a deployment.
	Bounds bool
}

// Subject is the service: where problems and notices go.
type Subject struct {
	Refuse func(key, what, why, remedy string)
	Notice func(key, format string, args ...any)
}

const key = "x-berth.rollout"

// Of is the rollout that x-berth.rollout asks for; nil for a rolling update.
func Of(f Subject, x *project.XRollout, facts Facts) *Rollout {
	if x == nil || x.Strategy == rolling || x.Strategy == "" {
		if x != nil && (x.Bake != "" || x.Percent != nil || x.Every != "" || len(x.Alarms) > 0 || x.ErrorsPercent != nil || x.LatencyMS != nil || stageOf(x.Approve) != "") {
			f.Refuse(key, "a rolling update has no bake, percent, every, alarms, errors_percent, latency_ms and approve", "it replaces tasks one after another", "write strategy: canary, linear or blue_green, or remove them")
		}
		return nil
	}
	r := &Rollout{Strategy: Strategy(x.Strategy), BakeMinutes: f.minutes("bake", x.Bake, bake)}
	switch r.Strategy {
	case Canary:
		r.Percent, r.EveryMinutes = f.share(x.Percent, canaryPercent, 0), f.minutes("every", x.Every, canaryEvery)
	case Linear:
		r.Percent, r.EveryMinutes = f.share(x.Percent, linearPercent, leastStep), f.minutes("every", x.Every, linearEvery)
	case BlueGreen:
		if x.Percent != nil || x.Every != "" {
			f.Refuse(key, "blue_green has no percent and every", "it moves all traffic at once", "write strategy: canary or linear, or remove them")
		}
	}
	r.Alarms = slices.Compact(slices.Sorted(slices.Values(x.Alarms)))
	r.Approve = stageOf(x.Approve)
	f.check(r.Strategy, facts)
	f.setWatched(r, x, facts)
	return r
}

// alarmMinutes is how long berth's alarms need to see a bad version: two of three minutes, and
// one until CloudWatch has their figures.
const alarmMinutes = 3

// setWatched sets what berth's own alarms watch: the balancer's figures.
func (f Subject) setWatched(r *Rollout, x *project.XRollout, facts Facts) {
	name := "errors_percent"
	switch {
	case x.ErrorsPercent == nil && x.LatencyMS == nil:
		return
	case x.ErrorsPercent == nil:
		name = "latency_ms"
	}
	if facts.Routes != 1 || facts.Direct {
		f.Refuse(key+"."+name, name+" is not possible for this service", "no application load balancer counts its requests",
			"publish one HTTP port, or write alarms: with the names of alarms of your own")
		return
	}
	if x.ErrorsPercent != nil {
		r.ErrorsPercent = *x.ErrorsPercent
	}
	if x.LatencyMS != nil {
		r.LatencyMS = *x.LatencyMS
	}
	if n := r.watchedMinutes(); n < alarmMinutes {
		f.Notice(key+"."+name, "the alarms need %d minutes of figures, and the old tasks stay for %d: write a longer bake", alarmMinutes, n)
	}
}

// watchedMinutes is how long the new tasks have traffic while the old ones stay.
func (r *Rollout) watchedMinutes() int {
	n := r.BakeMinutes
	if r.Strategy != BlueGreen {
		n += r.EveryMinutes
	}
	return n
}

// stageOf reads x-berth.rollout.approve.
func stageOf(x any) Stage {
	switch v := x.(type) {
	case bool:
		if v {
			return Before
		}
	case string:
		return Stage(v)
	}
	return ""
}

// minutes reads a duration; the schema has checked its form.
func (f Subject) minutes(name, text string, otherwise int) int {
	if text == "" {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	if err != nil || d > most {
		f.Refuse(key+"."+name, fmt.Sprintf("%s cannot be %s", name, text), "AWS takes whole minutes, at most 24h", "write for example 10m")
	}
	return int(d.Minutes())
}

func (f Subject) share(percent *float64, otherwise, least float64) float64 {
	if percent == nil {
		return otherwise
	}
	p := *percent
	if math.Abs(p*10-math.Round(p*10)) > 1e-6 {
		f.Refuse(key+".percent", fmt.Sprintf("percent cannot be %v", p), "AWS takes multiples of 0.1", "write a number with one decimal place")
	}
	if p < least {
		f.Refuse(key+".percent", fmt.Sprintf("percent cannot be %v", p), fmt.Sprintf("the steps of a linear deployment are at least %v percent", least), "write a larger number, or strategy: canary")
	}
	return p
}

// check refuses a service whose traffic ECS cannot move:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
func (f Subject) check(s Strategy, facts Facts) {
	refuse := func(why, remedy string) {
		f.Refuse(key, fmt.Sprintf("%s is not possible for this service", s), why, remedy)
	}
	switch {
	case facts.OneWriter:
		refuse("two versions would run at once and write the files of one database", "write rollout: rolling")
	case facts.Direct && facts.Routes > 0:
		refuse("x-berth.ingress is direct: no load balancer divides the traffic", "remove ingress: direct, or write rollout: rolling")
	case facts.Network:
		refuse("a network load balancer leads to it, and berth moves the traffic of HTTP ports only", "write rollout: rolling")
	case facts.Routes > 1:
		refuse(fmt.Sprintf("%d rules of the load balancer lead to it, one for each host and published port, and ECS moves the traffic of one", facts.Routes),
			"keep one host or published port, or write rollout: rolling")
	case facts.Routes == 0 && !facts.Connected && facts.Named:
		refuse("no load balancer leads to it and siblings reach it by DNS, whose answers ECS cannot divide",
			"publish one HTTP port, write discovery: connect in the top-level x-berth, or write rollout: rolling")
	case facts.Routes == 0 && !facts.Connected && s != BlueGreen:
		refuse("it has no traffic that ECS could divide", "write rollout: blue_green or rolling")
	}
	if facts.Routes == 1 && facts.Named && !facts.Connected {
		f.Notice(key, "siblings that use the service's name reach its new tasks as soon as they run: only the load balancer's traffic moves as rollout says")
	}
	if facts.Bounds {
		f.Notice(key, "%s runs all new tasks beside the old ones: the bounds of update and update_config have no effect", s)
	}
}
