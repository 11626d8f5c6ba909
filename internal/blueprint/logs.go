package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/logs"
	"github.com/berthdev/berth/internal/engine"
)

// addLogs adds a workload's log group, which must exist before its first task
// starts; none if its output is dropped.
func (t taskStage) addLogs(w app.Workload) *engine.Node {
	if !w.Logs() {
		return nil
	}
	days := t.app.Settings.LogRetentionDays.Value
	if w.Logging.RetentionDays > 0 {
		days = w.Logging.RetentionDays
	}
	return t.add(w.Name, logs.LogGroup{
		Name: LogGroupName(t.app, w.Name), RetentionDays: days,
	})
}
