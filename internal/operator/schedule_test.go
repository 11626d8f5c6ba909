package operator

import (
	"testing"
	"time"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// TestSchedule keeps objects from coming all at once, and from coming too often.
func TestSchedule(t *testing.T) {
	t.Parallel()
	never, always := func() float64 { return 0 }, func() float64 { return 1 }
	at := func(resync string) time.Duration {
		o := &v1alpha1.ECSCluster{}
		if resync != "" {
			o.Annotations = map[string]string{v1alpha1.AnnotationResync: resync}
		}
		return resyncOf(o, 5*time.Minute)
	}
	for name, tt := range map[string]struct{ got, want time.Duration }{
		"the operator's resync":           {at(""), 5 * time.Minute},
		"the object's":                    {at("30m"), 30 * time.Minute},
		"the object's, too short":         {at("1s"), 10 * time.Second},
		"the object's, no time":           {at("soon"), 5 * time.Minute},
		"jitter, least":                   {spreadOut(10*time.Minute, never), 10 * time.Minute},
		"jitter, most":                    {spreadOut(10*time.Minute, always), 11 * time.Minute},
		"after a start, least":            {somewhere(10*time.Minute, never), 5 * time.Minute},
		"after a start, most":             {somewhere(10*time.Minute, always), 10 * time.Minute},
		"the first failure":               {backOff(1), 2 * time.Second},
		"the fourth failure":              {backOff(4), 16 * time.Second},
		"the thousandth failure in a row": {backOff(1000), 5 * time.Minute},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", name, tt.got, tt.want)
		}
	}
}
