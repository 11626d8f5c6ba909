package rollback

import (
	"testing"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/state"
)

// TestBefore: which release a rollback without a number goes back to, by the last ones,
// the newest first.
func TestBefore(t *testing.T) {
	t.Parallel()
	release := func(id, outcome, api, backTo string) state.Release {
		return state.Release{
			ID: id, Outcome: outcome, RolledBackTo: backTo,
			Services: map[string]state.ReleaseService{"api": {TaskDefinition: api}, "web": {TaskDefinition: "web:1"}},
		}
	}
	const ok, bad = state.Succeeded, state.Unhealthy
	tests := map[string]struct {
		list []state.Release
		want string
		// runs is api's task definition, if it is not that of the last release.
		runs string
	}{
		"the only one":                  {[]state.Release{release("a", ok, "api:1", "")}, "", ""},
		"the one before":                {[]state.Release{release("b", ok, "api:2", ""), release("a", ok, "api:1", "")}, "a", ""},
		"not one that ran the same":     {[]state.Release{release("c", ok, "api:2", ""), release("b", ok, "api:2", ""), release("a", ok, "api:1", "")}, "a", ""},
		"not one that failed":           {[]state.Release{release("c", ok, "api:3", ""), release("b", bad, "api:2", ""), release("a", ok, "api:1", "")}, "a", ""},
		"the last that worked":          {[]state.Release{release("c", bad, "api:3", ""), release("b", ok, "api:2", ""), release("a", ok, "api:1", "")}, "b", ""},
		"none ever worked":              {[]state.Release{release("b", bad, "api:2", ""), release("a", "failed", "api:1", "")}, "", ""},
		"twice goes further back":       {[]state.Release{release("d", ok, "api:4", "b"), release("c", ok, "api:3", ""), release("b", ok, "api:2", ""), release("a", ok, "api:1", "")}, "a", ""},
		"over a rollback":               {[]state.Release{release("e", ok, "api:5", ""), release("d", ok, "api:4", "b"), release("c", ok, "api:3", ""), release("b", ok, "api:2", "")}, "c", ""},
		"back from a rollback's record": {[]state.Release{release("e", ok, "api:5", "d"), release("d", ok, "api:4", "b"), release("c", ok, "api:3", ""), release("b", ok, "api:2", ""), release("a", ok, "api:1", "")}, "a", ""},
		"what it went back to is gone":  {[]state.Release{release("b", ok, "api:5", "0"), release("a", ok, "api:1", "")}, "", ""},
		"a run died with another one":   {[]state.Release{release("a", ok, "api:1", "")}, "a", "api:2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			running := map[string]string{"api": tt.list[0].Services["api"].TaskDefinition}
			if tt.runs != "" {
				running["api"] = tt.runs
			}
			got, found := before(tt.list, running)
			if got.ID != tt.want || found != (tt.want != "") {
				t.Errorf("goes back to %q (%t), want %q", got.ID, found, tt.want)
			}
		})
	}
}

// TestARecordWithoutServices: the release before may have deployed nothing, and its record
// names no service; that of the rollback does.
func TestARecordWithoutServices(t *testing.T) {
	t.Parallel()
	p := &Plan{
		project:  &deploy.Project{Target: deploy.Target{Clock: clock.Wall{}, Nonce: func() string { return "0123" }}},
		services: &deploy.Restarts{},
		To: state.Release{
			ID: "a", Services: map[string]state.ReleaseService{"web": {Image: "web:1", TaskDefinition: "web:1"}},
			Jobs: map[string]state.ReleaseJob{"job": {Image: "job:1", TaskDefinition: "job:1"}},
		},
		Changes: []Change{{Name: "web", Kind: OfService, To: "web:1"}, {Name: "job", Kind: OfSchedule, To: "job:1"}},
	}
	rel := p.release(deploy.End{Outcome: state.Succeeded}, map[string]string{"web": "web:3", "job": "job:3"})
	if rel.Services["web"].TaskDefinition != "web:3" || rel.Jobs["job"].TaskDefinition != "job:3" {
		t.Errorf("the record is %+v", rel)
	}
}
