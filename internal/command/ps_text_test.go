package command

import (
	"testing"
	"time"

	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/status"
)

// TestPsTellsSleepFromHealth: a service whose range the clock has set to no tasks is asleep,
// and not healthy with no task; one that an empty queue leaves without tasks is healthy.
func TestPsTellsSleepFromHealth(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		bounds  *autoscaling.Range
		running int32
		want    [2]string
	}{
		{"fixed", nil, 1, [2]string{"healthy", "1/1"}},
		{"asleep", &autoscaling.Range{}, 0, [2]string{"asleep", "0/0 of 0-0"}},
		{"its last task ends", &autoscaling.Range{}, 1, [2]string{"healthy", "1/1 of 0-0"}},
		{"an empty queue", &autoscaling.Range{Max: 4}, 0, [2]string{"healthy", "0/0 of 0-4"}},
	} {
		rows := psRows(psOutput{Services: []status.Service{
			{Name: "web", State: status.Healthy, Desired: tt.running, Running: tt.running, Scaling: tt.bounds},
		}}, time.Now())
		if got := [2]string{rows[1][1], rows[1][2]}; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
