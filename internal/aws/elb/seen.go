package elb

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/engine/memory"
)

// seen holds the names that a reading of a region has found in use by anybody,
// so that creating one of the four types need not ask for them. If it is nil,
// Create asks AWS.
type seen struct {
	// arns are the objects by name: see balancerKey, groupKey, listenerKey.
	arns map[string]string
	// balancers are the balancers that the reading found; true if their
	// listeners were read.
	balancers map[string]bool
	// routes are the hosts of all rules on the environment's balancers.
	routes []Route
}

func seenKey(region string) string { return "elb.seen " + region }

// seenIn returns what the memory's reading has found.
func seenIn(m *memory.Memory, region string) *seen {
	s, _ := memory.Recall[*seen](m, seenKey(region))
	return s
}

func balancerKey(name string) string          { return "load-balancer " + name }
func groupKey(name string) string             { return "target-group " + name }
func listenerKey(arn string, port int) string { return "listener " + arn + " " + strconv.Itoa(port) }

// seenBy returns what a reading has found.
func seenBy(r *reading) *seen {
	arns, balancers := map[string]string{}, map[string]bool{}
	for _, lb := range r.all {
		arns[balancerKey(aws.ToString(lb.LoadBalancerName))] = aws.ToString(lb.LoadBalancerArn)
		balancers[aws.ToString(lb.LoadBalancerArn)] = false
	}
	for _, g := range r.allGroups {
		arns[groupKey(aws.ToString(g.TargetGroupName))] = aws.ToString(g.TargetGroupArn)
	}
	for _, lb := range r.near {
		balancers[lb] = true
	}
	for _, l := range r.listeners {
		arns[listenerKey(aws.ToString(l.LoadBalancerArn), int(aws.ToInt32(l.Port)))] = aws.ToString(l.ListenerArn)
	}
	return &seen{arns: arns, balancers: balancers, routes: routesIn(r)}
}

// NothingYet tells the types of a region that the owners have no objects, so that
// Create need not ask for the name first. AWS only returns an existing object
// silently if its settings are the same, including its subnets or VPC and groups,
// which do not exist yet; if they differ, AWS refuses the name as a duplicate.
func NothingYet(m *memory.Memory, region string) {
	memory.Tell(m, seenKey(region), &seen{})
}

// at returns the object that had a name; sure is false if the reading did not
// cover it.
func (s *seen) at(key string) (arn string, sure bool) {
	if s == nil {
		return "", false
	}
	return s.arns[key], true
}

// on returns the listener that a balancer had at a port. A balancer that is
// newer than the reading had none.
func (s *seen) on(balancer string, port int) (arn string, sure bool) {
	if s == nil {
		return "", false
	}
	read, old := s.balancers[balancer]
	return s.arns[listenerKey(balancer, port)], read || !old
}
