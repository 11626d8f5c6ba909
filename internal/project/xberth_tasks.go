package project

// XAutoscaling is x-berth.autoscaling of a service, read from its short and long
// forms. Nil values are not set.
type XAutoscaling struct {
	Min *int `json:"min"`
	Max *int `json:"max"`
	// CPU and Memory are in percent, Requests for each task and minute.
	CPU      int `json:"cpu"`
	Memory   int `json:"memory"`
	Requests int `json:"requests"`
	// Queue is the name or the ARN of a queue, Backlog how many messages each task has.
	Queue   string `json:"queue"`
	Backlog int    `json:"backlog"`
	// ResolutionSeconds is how often the metrics are measured; 0 is AWS's default.
	ResolutionSeconds int `json:"resolution_seconds"`
	// OutSeconds and InSeconds are the cooldowns.
	OutSeconds *int `json:"out_seconds"`
	InSeconds  *int `json:"in_seconds"`
	// Schedule changes the range by the clock.
	Schedule []XCapacity `json:"schedule"`
}

// XCapacity is one entry of x-berth.autoscaling.schedule.
type XCapacity struct {
	Cron     string `json:"cron"`
	Timezone string `json:"timezone"`
	Min      *int   `json:"min"`
	Max      *int   `json:"max"`
}

// Scaling is Autoscaling in its long form; nil if the number of tasks is fixed.
func (s XService) Scaling() *XAutoscaling {
	switch v := s.Autoscaling.(type) {
	case bool:
		if v {
			return &XAutoscaling{}
		}
	case map[string]any:
		return long[XAutoscaling](v)
	}
	return nil
}

// XRollout is x-berth.rollout of a service, read from its short and long forms.
type XRollout struct {
	// Strategy is rolling, blue_green, linear or canary.
	Strategy string `json:"strategy"`
	// Bake and Every are durations; empty if they are not in the files.
	Bake    string   `json:"bake"`
	Percent *float64 `json:"percent"`
	Every   string   `json:"every"`
	// Alarms are names of alarms.
	Alarms []string `json:"alarms"`
	// ErrorsPercent and LatencyMS are the thresholds of alarms that berth makes.
	ErrorsPercent *float64 `json:"errors_percent"`
	LatencyMS     *int     `json:"latency_ms"`
	// Approve is true, false or a stage.
	Approve any `json:"approve"`
}

// Rollout is RolloutValue in its long form; nil if the service has none.
func (s XService) Rollout() *XRollout {
	switch v := s.RolloutValue.(type) {
	case string:
		return &XRollout{Strategy: v}
	case map[string]any:
		return long[XRollout](v)
	}
	return nil
}
