package elb

import (
	"context"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Seen is what the four types of a region share: which names the last reading
// found in use, whoever uses them, so that a create need not ask, and whose turn
// it is to change priorities. Its zero value, and nil, have seen nothing: then
// a create asks AWS.
type Seen struct {
	mu sync.Mutex
	// arns are the objects by name: see balancerKey, groupKey, listenerKey.
	arns map[string]string
	// balancers are those that there were; true if their listeners were read.
	balancers map[string]bool
	// routes are the hosts of all rules on the environment's balancers.
	routes []Route
	done   bool
	// turn holds one element while somebody changes priorities. A channel, for
	// whoever waits does so during calls.
	turn chan struct{}
}

func balancerKey(name string) string          { return "load-balancer " + name }
func groupKey(name string) string             { return "target-group " + name }
func listenerKey(arn string, port int) string { return "listener " + arn + " " + strconv.Itoa(port) }

// set remembers a reading.
func (s *Seen) set(r *reading) {
	if s == nil {
		return
	}
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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arns, s.balancers, s.routes, s.done = arns, balancers, routesIn(r), true
}

// NothingYet says that the owners have nothing at all, so that a create need
// not ask for its name first. An object that AWS would return silently has the
// same settings, subnets or VPC and groups among them, which are yet to be made;
// one of other settings is refused as a duplicate.
func (s *Seen) NothingYet() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arns, s.balancers, s.done = map[string]string{}, map[string]bool{}, true
}

// at is the object that had a name; sure is false if that was not looked at.
func (s *Seen) at(key string) (arn string, sure bool) {
	if s == nil {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.arns[key], s.done
}

// on is the listener that a balancer had at a port. A balancer that is newer
// than the reading had none.
func (s *Seen) on(balancer string, port int) (arn string, sure bool) {
	if s == nil {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	read, old := s.balancers[balancer]
	return s.arns[listenerKey(balancer, port)], s.done && (read || !old)
}

// takeTurn waits until nobody else changes priorities; done ends the turn. Two
// rules that change places would otherwise act on what was true a moment ago.
func (s *Seen) takeTurn(ctx context.Context) (done func(), err error) {
	if s == nil {
		return func() {}, nil
	}
	s.mu.Lock()
	if s.turn == nil {
		s.turn = make(chan struct{}, 1)
	}
	turn := s.turn
	s.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
