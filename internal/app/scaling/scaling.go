package scaling

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// Scaling keeps metrics of a service near their targets by changing the number of its
// tasks.
type Scaling struct {
	// Min and Max bound the number of tasks; Start is how many a new service has.
	Min, Max, Start int
	// Targets are at least one, each for another metric, in the order of Metrics.
	Targets []Target
	// OutSeconds and InSeconds are how long AWS waits after it added or removed tasks
	// before it changes the number again.
	OutSeconds, InSeconds int
	// Fast says that processors and memory are measured each 20 seconds instead of each minute.
	Fast bool `json:",omitempty"`
	// Queue is the name or the ARN of the queue of the target Queue; empty without it.
	Queue string `json:",omitempty"`
	// Schedule changes the range by the clock.
	Schedule []Capacity `json:",omitempty"`
}

// Target is what a metric is kept near.
type Target struct {
	Metric Metric
	Value  int
}

// Metric is a metric of a service. Its text is its key under x-berth.autoscaling.
type Metric string

// The metrics. CPU and memory are percentages of what the tasks have; requests are
// those of the load balancer for each task and minute; queue are the messages for each task.
const (
	CPU      Metric = "cpu"
	Memory   Metric = "memory"
	Requests Metric = "requests"
	Queue    Metric = "queue"
)

const (
	// DefaultCPU is the target where a file names no metric.
	DefaultCPU = 85
	// DefaultBacklog is how many messages each task has.
	DefaultBacklog = 10
	// DefaultSeconds is AWS's default for both cooldowns.
	DefaultSeconds = 300
	// fastSeconds is the shorter of ECS's two resolutions:
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MetricConfiguration.html
	fastSeconds = 20
)

// New is the scaling that a file asks for, and why it is not possible.
func New(a project.XAutoscaling, f Facts) (Scaling, []Refusal) {
	replicas := f.Replicas
	s := Scaling{Min: or(a.Min, replicas), OutSeconds: or(a.OutSeconds, DefaultSeconds), InSeconds: or(a.InSeconds, DefaultSeconds)}
	s.Max = or(a.Max, max(2*replicas, s.Min))
	s.Start = min(max(replicas, s.Min), s.Max)
	s.Fast = a.ResolutionSeconds == fastSeconds
	backlog := 0
	if s.Queue = a.Queue; s.Queue != "" {
		backlog = cmp.Or(a.Backlog, DefaultBacklog)
	}
	if a.CPU == 0 && a.Memory == 0 && a.Requests == 0 && backlog == 0 {
		a.CPU = DefaultCPU
	}
	for _, t := range []Target{{CPU, a.CPU}, {Memory, a.Memory}, {Requests, a.Requests}, {Queue, backlog}} {
		if t.Value > 0 {
			s.Targets = append(s.Targets, t)
		}
	}
	refused := append(s.refusals(f), refuseQueue(a)...)
	for i, x := range a.Schedule {
		c, bad := capacity(s, x, f)
		for _, r := range bad {
			r.Key = fmt.Sprintf(".schedule[%d]%s", i, r.Key)
			refused = append(refused, r)
		}
		s.Schedule = append(s.Schedule, c)
	}
	return s, refused
}

func or(n *int, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return *n
}

// Has says whether a metric has a target.
func (s Scaling) Has(m Metric) bool {
	for _, t := range s.Targets {
		if t.Metric == m {
			return true
		}
	}
	return false
}

// Range is the range of the number of tasks, as people read it: "2 to 6 tasks".
func (s Scaling) Range() string { return Range(s.Min, s.Max) }

// Range is Scaling.Range of two bounds.
func Range(low, high int) string {
	switch {
	case high == 0:
		return "no tasks"
	case low == 1 && high == 1:
		return "1 task"
	case low == high:
		return fmt.Sprintf("%d tasks", low)
	}
	return fmt.Sprintf("%d to %d tasks", low, high)
}

// String is the range and the targets: "2 to 6 tasks, cpu 85 %".
func (s Scaling) String() string {
	words := []string{s.Range()}
	for _, t := range s.Targets {
		words = append(words, t.String())
	}
	if s.Fast {
		words = append(words, fmt.Sprintf("measured each %d s", fastSeconds))
	}
	for _, c := range s.Schedule {
		words = append(words, c.String())
	}
	return strings.Join(words, ", ")
}

// String is a target as people read it.
func (t Target) String() string {
	switch t.Metric {
	case Requests:
		return fmt.Sprintf("%d requests/min per task", t.Value)
	case Queue:
		return fmt.Sprintf("%d messages per task", t.Value)
	}
	return fmt.Sprintf("%s %d %%", t.Metric, t.Value)
}
