package ecs

import "github.com/berthdev/berth/internal/engine"

// Service keeps a number of tasks running. It is ready when the deployment
// that berth asked for is complete, and failed when AWS gave that up. Outputs:
// id and arn (the ARN), name.
type Service struct {
	Name           string         `attr:"name,replace"`
	Cluster        engine.Ref     `attr:"cluster,replace"`
	TaskDefinition engine.Ref     `attr:"task_definition"`
	Desired        int            `attr:"desired,external"`
	Strategy       []StrategyItem `attr:"strategy,set"`
	Subnets        []engine.Ref   `attr:"subnets,set"`
	SecurityGroups []engine.Ref   `attr:"security_groups,set"`
	PublicIP       bool           `attr:"public_ip"`
	Balancers      []Balancer     `attr:"balancers,set"`
	// Registry is the ARN of the Cloud Map service that lists the tasks.
	Registry engine.Ref `attr:"registry"`
	// Connect is the Service Connect configuration; nil without.
	Connect *Connect `attr:"connect"`
	// MinPercent and MaxPercent bound the healthy tasks during a deployment.
	MinPercent int `attr:"min_percent"`
	MaxPercent int `attr:"max_percent"`
	// Breaker ends a deployment whose tasks keep failing; Rollback then goes
	// back to the last one that worked.
	Breaker  bool `attr:"breaker"`
	Rollback bool `attr:"rollback"`
	// GraceSeconds is how long balancer health checks are ignored at start.
	GraceSeconds int `attr:"grace_seconds"`
}

// Balancer puts a container's port into a target group.
type Balancer struct {
	TargetGroup engine.Ref
	Container   string
	Port        int
}

// Connect is a service's part in Service Connect.
type Connect struct {
	// Namespace is the Cloud Map namespace's ARN.
	Namespace engine.Ref
	// Services are the ports that others reach by name.
	Services []ConnectService
	// LogGroup, LogRegion and LogPrefix are where the proxy logs.
	LogGroup, LogRegion, LogPrefix string
}

// ConnectService is one named port with the name and port that clients use.
type ConnectService struct {
	PortName, DiscoveryName, Alias string
	AliasPort                      int
}

// Type implements engine.Resource.
func (Service) Type() string { return "ecs.service" }
