package balancing

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/containers"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// state is the state of Elastic Load Balancing; objects are stored by ARN.
type state struct {
	Balancers world.Table[balancer]
	Groups    world.Table[targetGroup]
	Listeners world.Table[listener]
	Rules     world.Table[rule]
}

// balancer is an application or a network load balancer.
type balancer struct {
	ARN, Name, DNS string
	// Network says that it is a network load balancer.
	Network     bool
	Scheme      types.LoadBalancerSchemeEnum
	AddressType types.IpAddressType
	VPC         string
	Created     time.Time
	// Active is when it became or becomes active.
	Active         time.Time
	Subnets        []string
	SecurityGroups []string
	// Interfaces are its network interfaces: subnet to id.
	Interfaces map[string]string
	Attributes map[string]string
	Tags       map[string]string
}

// listener is a port of a balancer.
type listener struct {
	ARN, Balancer string
	Port          int32
	Protocol      types.ProtocolEnum
	SSLPolicy     string
	Certificates  []types.Certificate
	// More are the ARNs of further certificates, chosen by the name asked for.
	More    []string
	Actions []types.Action
	// Changed is when its actions were last set.
	Changed time.Time
	// DefaultRule is the ARN of the rule that shows its default action.
	DefaultRule string
	Attributes  map[string]string
	Tags        map[string]string
}

// rule is a rule of a listener, not its default one.
type rule struct {
	ARN, Listener string
	Priority      int
	Conditions    []types.RuleCondition
	Actions       []types.Action
	Changed       time.Time
	Tags          map[string]string
}

// targetGroup is a set of addresses with their health check.
type targetGroup struct {
	// Shown is the group as AWS shows it, without LoadBalancerArns.
	Shown      types.TargetGroup
	Attributes map[string]string
	Tags       map[string]string
	// Targets are by "address:port".
	Targets map[string]*target
	// Seen counts the requests that Send has sent, by the minute.
	Seen map[int64]*tally `json:",omitempty"`
}

// tally counts requests and those of them that were answered with 5xx.
type tally struct{ Requests, Errors int }

// target is an address in a target group.
type target struct {
	IP         string
	Port       int32
	Zone       string
	Registered time.Time
	// Interface is the network interface that has the address; empty for
	// addresses that do not belong to a task.
	Interface string
	// Answers are what it answers.
	containers.Answers
	// Gone is when a draining target disappears; zero while it is registered.
	Gone time.Time
}
