package bench

import (
	"fmt"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
)

// latency is how long a call takes from a machine in or near the region.
const latency = 50 * time.Millisecond

// lag is how late a describe call, or a service that reads another's objects,
// may be: load balancing sees a new gateway and new subnets up to that late
// (https://github.com/openshift/installer/issues/1110), and refuses a balancer
// until then. The call is repeated about every second.
const lag = 3 * time.Second

// Waits whose length the Compose file or berth's defaults set, not AWS.
const (
	// healthChecks is two checks of the load balancer, 5 s apart.
	healthChecks = 10 * time.Second
	// stopTime is Compose's time from SIGTERM to SIGKILL.
	stopTime = 10 * time.Second
	// drainTime is the deregistration delay of the preset affordable.
	drainTime = 5 * time.Second
)

// chain is a list of waits that must follow one another.
type chain []link

type link struct {
	what string
	// step is a row of the table of durations; without one, takes is the time.
	step  sandbox.Step
	takes time.Duration
}

func wait(s sandbox.Step) link                { return link{what: string(s), step: s} }
func fixed(what string, d time.Duration) link { return link{what: what, takes: d} }
func (l link) in(p sandbox.Profile) time.Duration {
	if l.step != "" {
		return l.step.In(p)
	}
	return l.takes
}

// calls returns a link of calls that must follow one another.
func calls(operations ...string) link {
	return link{what: "the calls " + strings.Join(operations, ", "), takes: time.Duration(len(operations)) * latency}
}

func (c chain) in(p sandbox.Profile) time.Duration {
	var sum time.Duration
	for _, l := range c {
		sum += l.in(p)
	}
	return sum
}

func (c chain) String() string {
	names := make([]string, len(c))
	for i, l := range c {
		names[i] = l.what
	}
	return strings.Join(names, " + ")
}

// longest returns the longest of some chains that run at the same time.
func longest(p sandbox.Profile, chains []chain) (chain, time.Duration) {
	best := chains[0]
	for _, c := range chains {
		if c.in(p) > best.in(p) {
			best = c
		}
	}
	return best, best.in(p)
}

// firstPublic are the chains of a first deployment in public subnets.
func firstPublic() []chain {
	return []chain{
		{fixed("load balancing sees the network", lag), wait(sandbox.BalancerActive), fixed("health checks", healthChecks)},
		{
			wait(sandbox.LinkedRoleReady), wait(sandbox.ServiceScheduler), wait(sandbox.TaskPlaced),
			wait(sandbox.TaskPulled), fixed("health checks", healthChecks),
		},
		{
			wait(sandbox.NamespaceCreated), wait(sandbox.ServiceScheduler), wait(sandbox.TaskPlaced),
			wait(sandbox.TaskPulled), fixed("health checks", healthChecks),
		},
	}
}

// firstNAT adds that tasks in private subnets pull through the NAT gateway.
func firstNAT() []chain {
	return append(firstPublic(), chain{
		wait(sandbox.NATAvailable), wait(sandbox.ServiceScheduler), wait(sandbox.TaskPlaced),
		wait(sandbox.TaskPulled), fixed("health checks", healthChecks),
	})
}

// newImage has the waits of an update, including the old task's end.
func newImage() []chain {
	return []chain{{
		wait(sandbox.ServiceScheduler), wait(sandbox.TaskPlaced), wait(sandbox.TaskPulled),
		fixed("health checks", healthChecks), fixed("draining", drainTime), fixed("stopping", stopTime),
	}}
}

// before has the calls at the beginning of each teardown: berth must know who
// it is, which objects exist and that nobody else changes them.
func before() link {
	return calls("GetCallerIdentity", "GetObject (lock)", "DescribeLoadBalancers", "DescribeListeners", "DescribeRules",
		"DescribeTags", "DescribeSecurityGroups (other projects)", "PutObject (lock)", "PutObject (lock)")
}

// after has the calls at its end.
func after() link {
	return calls("DetachInternetGateway", "DeleteInternetGateway", "DeleteVpc", "PutObject (lock)")
}

// teardown are the chains of a `down` in public subnets.
func teardown() []chain {
	return []chain{
		{
			before(), calls("DeleteRule", "DeleteListener", "DeleteLoadBalancer"),
			wait(sandbox.BalancerInterfaces), wait(sandbox.PublicAddressUnmapped), after(),
		},
		{
			before(), calls("DeleteService"), wait(sandbox.ServiceScheduler), fixed("stopping", stopTime),
			wait(sandbox.TaskInterface), wait(sandbox.PublicAddressUnmapped), after(),
		},
		{
			before(), calls("DeleteService"), wait(sandbox.ServiceScheduler),
			calls("DeleteService (name)", "DeleteNamespace"), wait(sandbox.NamespaceDeleted), calls("DeleteVpc", "PutObject (lock)"),
		},
	}
}

// teardownNAT adds the NAT gateway.
func teardownNAT() []chain {
	return append(teardown(), chain{
		before(), calls("DeleteNatGateway"), wait(sandbox.NATDeleted), calls("ReleaseAddress"), after(),
	})
}

// share returns took as a multiple of the chain.
func share(took, chain time.Duration) string {
	return fmt.Sprintf("%.3f", took.Seconds()/chain.Seconds())
}
