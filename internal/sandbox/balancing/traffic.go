package balancing

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// Flight is a request that a balancer has passed on to a target.
type Flight struct {
	// Group is the ARN of the target group, Target the "address:port"; both are empty if
	// the balancer has answered by itself, with Status.
	Group, Target string
	Status        int32
	t             *target
	path          string
}

// Send passes a request for a path on to a target: through the balancer's security groups,
// which leave it without an answer (status 0), by the listener on a port, the first
// rule whose conditions it meets, the rule's weights, and the targets in turn. Sources:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
// and, for groups without a healthy target, .../target-group-health-checks.html
func (p *Targets) Send(dns string, port int32, host, url string) Flight {
	at := p.account.Now()
	if p.closed(dns, port) {
		return Flight{}
	}
	actions := p.actionsFor(dns, port, host, url)
	if len(actions) == 1 && actions[0].FixedResponseConfig != nil {
		status, _ := strconv.ParseInt(aws.ToString(actions[0].FixedResponseConfig.StatusCode), 10, 32)
		return Flight{Status: int32(status)}
	}
	if len(actions) != 1 || actions[0].Type != types.ActionTypeEnumForward {
		return Flight{Status: http.StatusNotFound}
	}
	turn := p.account.Next("request")
	g := p.s.Groups.Get(p.pickGroup(actions[0], turn))
	if g == nil {
		return Flight{Status: http.StatusServiceUnavailable}
	}
	var open, healthy []*target
	for _, key := range slices.Sorted(maps.Keys(g.Targets)) {
		t := g.Targets[key]
		if !t.Gone.IsZero() {
			continue
		}
		open = append(open, t)
		if h, _ := p.health(g, t, at); h.State == types.TargetHealthStateEnumHealthy {
			healthy = append(healthy, t)
		}
	}
	if len(healthy) > 0 {
		open = healthy
	}
	if len(open) == 0 {
		return Flight{Status: http.StatusServiceUnavailable}
	}
	t := open[turn%uint64(len(open))]
	return Flight{Group: *g.Shown.TargetGroupArn, Target: targetKey(t.IP, t.Port), t: t, path: url}
}

// closed reports whether the security groups of a balancer let nobody in on a port.
func (p *Targets) closed(dns string, port int32) bool {
	i := slices.IndexFunc(p.s.Balancers.All(), func(b *balancer) bool { return b.DNS == dns })
	return i >= 0 && !p.needs.Reach.Admits(p.s.Balancers.All()[i].SecurityGroups, port)
}

// Land is the status of the answer to a request that ends now. The balancer cuts a request
// whose target has gone before.
func (p *Targets) Land(f Flight) int32 {
	switch {
	case f.t == nil:
		return f.Status
	case !f.t.Gone.IsZero() && p.account.Now().After(f.t.Gone), f.t.Serves.IsZero():
		return http.StatusBadGateway
	}
	status := max(f.t.Fails, f.t.status(f.path), http.StatusOK)
	p.count(f.Group, status)
	return status
}

// count adds an answer of a target to its group's figures.
func (p *Targets) count(group string, status int32) {
	g := p.s.Groups.Get(group)
	if g == nil {
		return
	}
	if g.Seen == nil {
		g.Seen = map[int64]*tally{}
	}
	minute := p.account.Now().Unix() / 60
	if g.Seen[minute] == nil {
		g.Seen[minute] = &tally{}
	}
	g.Seen[minute].Requests++
	if status >= 500 {
		g.Seen[minute].Errors++
	}
}

// Counted are the requests that Send sent to a target group in a period, and how many were
// answered with 5xx; ok is false for a group to which it has sent none. group is the end of
// its ARN.
func (p *Targets) Counted(group string, at time.Time, period time.Duration) (requests, errors int, ok bool) {
	for _, g := range p.s.Groups.All() {
		if !strings.HasSuffix(*g.Shown.TargetGroupArn, ":"+group) || len(g.Seen) == 0 {
			continue
		}
		for minute := at.Unix() / 60; minute < at.Add(period).Unix()/60; minute++ {
			if t := g.Seen[minute]; t != nil {
				requests, errors = requests+t.Requests, errors+t.Errors
			}
		}
		ok = true
	}
	return requests, errors, ok
}

// actionsFor are the actions of the first rule that a request meets.
func (p *Targets) actionsFor(dns string, port int32, host, url string) []types.Action {
	for _, l := range p.s.Listeners.All() {
		b := p.s.Balancers.Get(l.Balancer)
		if b == nil || b.DNS != dns || l.Port != port {
			continue
		}
		actions, best := l.Actions, 1<<30
		for _, r := range p.s.Rules.All() {
			if r.Listener == l.ARN && r.Priority < best && meets(r, host, url) {
				actions, best = r.Actions, r.Priority
			}
		}
		return actions
	}
	return nil
}

// meets reports whether a request meets all conditions of a rule.
func meets(r *rule, host, url string) bool {
	for _, c := range r.Conditions {
		value, patterns := url, c.Values
		if aws.ToString(c.Field) == "host-header" {
			value = host
		}
		if c.HostHeaderConfig != nil {
			patterns = c.HostHeaderConfig.Values
		}
		if c.PathPatternConfig != nil {
			patterns = c.PathPatternConfig.Values
		}
		if !slices.ContainsFunc(patterns, func(pattern string) bool {
			ok, err := path.Match(pattern, value)
			return err == nil && ok || pattern == "/*"
		}) {
			return false
		}
	}
	return true
}

// pickGroup picks a target group by the weights of an action.
func (p *Targets) pickGroup(a types.Action, turn uint64) string {
	if a.ForwardConfig == nil || len(a.ForwardConfig.TargetGroups) == 0 {
		return aws.ToString(a.TargetGroupArn)
	}
	all := int32(0)
	for _, g := range a.ForwardConfig.TargetGroups {
		all += weightOf(g)
	}
	at := p.account.Chance("request", fmt.Sprint(turn)) * float64(all)
	for _, g := range a.ForwardConfig.TargetGroups {
		if at -= float64(weightOf(g)); at < 0 {
			return aws.ToString(g.TargetGroupArn)
		}
	}
	return ""
}

// weightOf is the weight of a group in a rule; 1 without one.
func weightOf(g types.TargetGroupTuple) int32 {
	if g.Weight == nil {
		return 1
	}
	return *g.Weight
}
