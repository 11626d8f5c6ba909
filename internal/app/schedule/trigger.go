package schedule

import "github.com/berthdev/berth/internal/project"

// Trigger is what starts a job. The zero Trigger is a change.
type Trigger struct {
	Kind TriggerKind
	// Schedule is when AWS starts the job, for OnSchedule.
	Schedule *Schedule `json:",omitempty"`
}

// TriggerKind is a kind of trigger.
type TriggerKind int

const (
	// OnChange starts a job in each run in which the job has changed, or a workload
	// that waits for its end.
	OnChange TriggerKind = iota
	// OnSchedule leaves a job to its schedule; no run of berth starts it.
	OnSchedule
)

// TriggerOf is what starts a job: its schedule, or a change.
func TriggerOf(f Subject, s project.XService) Trigger {
	x := s.Scheduled()
	if x == nil {
		return Trigger{Kind: OnChange}
	}
	read, ok := Read(f, *x)
	if !ok {
		return Trigger{Kind: OnSchedule}
	}
	return Trigger{Kind: OnSchedule, Schedule: &read}
}

// below is a key below the service.
func below(key string) string {
	if key == "" {
		return "x-berth.schedule"
	}
	return "x-berth.schedule." + key
}

// RefuseIn refuses the schedule of a managed database.
func RefuseIn(f Subject, s project.XService) {
	if s.Schedule != nil {
		f.Refuse(below(""), "a managed database has no schedule", "it runs all the time", "remove schedule, or managed")
	}
}
