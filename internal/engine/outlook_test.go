package engine

import (
	"slices"
	"testing"
	"time"
)

// TestOutlook: an action ends after the longest chain of what it needs; of an object
// that need not be ready only the beginning counts.
func TestOutlook(t *testing.T) {
	t.Parallel()
	actions := map[string]*Action{}
	for _, name := range []string{"vpc", "balancer", "role", "service"} {
		actions[name] = &Action{Verb: VerbCreate, Address: at(envOwner, "thing", name)}
	}
	vpc := &step{action: actions["vpc"], dur: 10 * time.Second}
	balancer := &step{action: actions["balancer"], dur: 2 * time.Minute, needs: []need{{vpc, Ready}}}
	role := &step{action: actions["role"], dur: time.Hour}
	service := &step{action: actions["service"], dur: time.Minute, needs: []need{{balancer, Ready}, {role, Created}, {vpc, Ready}}}
	p := &Plan{steps: []*step{vpc, balancer, role, service}}
	outlook := p.Outlooks()
	got := outlook(actions["service"])
	want := []Address{at(envOwner, "thing", "balancer"), at(envOwner, "thing", "vpc"), at(envOwner, "thing", "role")}
	if got.Ends != 3*time.Minute+10*time.Second || !slices.Equal(got.Needs, want) {
		t.Errorf("got %v; want 3m10s and %v", got, want)
	}
	if got := outlook(&Action{}); got.Ends != 0 || got.Needs != nil {
		t.Errorf("an action without a step has %v", got)
	}
}

// BenchmarkOutlook asks for the outlook of each of 500 services, of ten steps each.
func BenchmarkOutlook(b *testing.B) {
	var services []*Action
	p := &Plan{}
	vpc := &step{action: &Action{}, dur: time.Second}
	for range 500 {
		last := vpc
		for range 10 {
			s := &step{action: &Action{}, dur: time.Second, needs: []need{{last, Ready}, {vpc, Ready}}}
			p.steps, last = append(p.steps, s), s
		}
		services = append(services, last.action)
	}
	for b.Loop() {
		outlook := p.Outlooks()
		for _, a := range services {
			if got := outlook(a); len(got.Needs) != 10 {
				b.Fatalf("a service waits for %d", len(got.Needs))
			}
		}
	}
}
