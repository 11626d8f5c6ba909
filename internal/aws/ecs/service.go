package ecs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Service keeps a number of tasks running. It is ready when the deployment that
// berth started is complete, and failed when AWS gave that deployment up.
// Outputs: id and arn (the ARN), name.
type Service struct {
	Name           string     `attr:"name,replace,own"`
	Cluster        engine.Ref `attr:"cluster,replace,own"`
	TaskDefinition engine.Ref `attr:"task_definition"`
	// Desired is the number of tasks; nil leaves it to Application Auto Scaling.
	Desired *int `attr:"desired,external"`
	// Start is the number of tasks of a new service whose number others change.
	Start    *int           `attr:"start,create"`
	Strategy []StrategyItem `attr:"strategy,set"`
	// PreferSpot has Poll move tasks on demand for which Spot has no capacity, in place of
	// those of Strategy. It is a tag.
	PreferSpot bool `attr:"prefer_spot"`
	// Daemon has ECS run one task on each instance, which it counts. Instead of a number of
	// tasks the old ones end first: the instances may have no room for both.
	Daemon bool `attr:"daemon,replace,first"`
	// Instances is the capacity provider of a daemon's instances, which have
	// InstanceAttribute.
	Instances      string       `attr:"instances"`
	Subnets        []engine.Ref `attr:"subnets,set"`
	SecurityGroups []engine.Ref `attr:"security_groups,set"`
	PublicIP       bool         `attr:"public_ip"`
	Balancers      []Balancer   `attr:"balancers,set"`
	// Rollout is how a deployment moves the traffic to its tasks; nil is a rolling update.
	Rollout *Rollout `attr:"rollout,silent"`
	// Traffic is with what ECS moves the traffic of the service's only target group.
	Traffic *Traffic `attr:"traffic,silent"`
	// Registry is the ARN of the Cloud Map service that lists the tasks.
	Registry engine.Ref `attr:"registry"`
	// Connect is the Service Connect configuration; nil if there is none.
	Connect *Connect `attr:"connect"`
	// MinPercent and MaxPercent bound the healthy tasks during a deployment.
	MinPercent int `attr:"min_percent"`
	MaxPercent int `attr:"max_percent"`
	// Rebalance lets ECS move tasks into a zone that has lost some; ECS starts
	// a task before it stops one, so MaxPercent must be above 100.
	Rebalance bool `attr:"rebalance"`
	// Breaker ends a deployment whose tasks keep failing; Rollback then returns
	// to the last deployment that worked.
	Breaker  bool `attr:"breaker"`
	Rollback bool `attr:"rollback"`
	// Failures is how many tasks may fail before the breaker ends a deployment; 0 is
	// ECS's default, half of the desired tasks, 3 to 200:
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
	Failures int `attr:"failures"`
	// EarlySuccess ends a deployment as soon as all new tasks are healthy; ECS stops the
	// old ones afterwards:
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentEarlySuccessCriteria.html
	// Nil is false.
	EarlySuccess *bool `attr:"early_success"`
	// GraceSeconds is how long ECS ignores the balancer's health checks after a
	// task starts.
	GraceSeconds int `attr:"grace_seconds"`
	// FastMetrics are the metrics that ECS measures each 20 seconds instead of each minute:
	// metric.CPU, metric.Memory. Descriptions of a service do not show them.
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MonitoringConfiguration.html
	FastMetrics []string `attr:"fast_metrics,silent"`
	// Exec lets ECS Exec into the containers of new tasks.
	Exec bool `attr:"exec"`
}

// Balancer registers a container's port in a target group.
type Balancer struct {
	TargetGroup engine.Ref
	Container   string
	Port        int
}

// Connect is a service's part in Service Connect.
type Connect struct {
	// Namespace is the Cloud Map namespace's ARN.
	Namespace engine.Ref
	// Services are the ports that other services reach by name.
	Services []ConnectService
	// LogGroup, LogRegion and LogPrefix say where the proxy logs.
	LogGroup, LogRegion, LogPrefix string
}

// ConnectService is one named port with the name and port that clients use.
type ConnectService struct {
	PortName, DiscoveryName, Alias string
	AliasPort                      int
}

// Type implements engine.Resource.
func (Service) Type() string { return "ecs.service" }

// Services is the type of Service.
type Services struct {
	API    *ecs.Client
	Region string
	// Tagging finds services in clusters that no file mentions; with nil they
	// are not looked for.
	Tagging *resourcegroupstaggingapi.Client
}

// Spec implements engine.Type. A task of a small image is placed, pulled and
// healthy in about 46 s; a deletion waits for the deregistration delay and the
// end of the tasks.
func (Services) Spec() engine.Spec {
	return engine.Spec{
		Runs: true,
		Name: Service{}.Type(), Identity: engine.UniqueName,
		ReadyIn: 46 * time.Second, GoneIn: 20 * time.Second,
	}
}

// Create implements engine.Type. A service of the name that is still draining
// is a Conflict until it is gone.
func (t Services) Create(ctx context.Context, w engine.Desired[Service]) (engine.Object, error) {
	out, err := t.API.CreateService(gate.JustMade(ctx), createServiceInput(w))
	if serviceExists(err) {
		return t.take(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating service %s: %w", w.Want.Name, passing(err))
	}
	return serviceAsDesired(w, *out.Service), nil
}

// serviceExists recognises ECS's error for a name that is taken; there is no
// error code for it.
func serviceExists(err error) bool {
	return gate.IsExists(err) ||
		gate.Code(err) == "InvalidParameterException" && strings.Contains(err.Error(), "not idempotent")
}

// take uses a service that has the desired state's name already.
func (t Services) take(ctx context.Context, w engine.Desired[Service], exists error) (engine.Object, error) {
	found, err := t.describe(ctx, w.Want.Cluster.Value(), []string{w.Want.Name})
	if err != nil {
		return engine.Object{}, fmt.Errorf("reading service %s: %w", w.Want.Name, err)
	}
	if len(found) == 0 {
		return engine.Object{}, fmt.Errorf("creating service %s: %w", w.Want.Name, gate.Unseen(exists))
	}
	object := serviceObject(found[0])
	if err := w.Claim(engine.Mark{Address: object.Address}, w.Want.Name, object.ID); err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, gate.Differing(w.Want, object))
}

// Update implements engine.Type. It sends only the named attributes, so that a
// change that needs no deployment starts none.
func (t Services) Update(ctx context.Context, w engine.Desired[Service], object engine.Object, changed []string) (engine.Object, error) {
	updated := engine.AsDesired(w, object.ID, object.Outputs)
	updated.State, updated.Detail = object.State, object.Detail
	if len(changed) > 0 {
		out, err := t.API.UpdateService(ctx, updateServiceInput(w.Want, object.ID, changed))
		if gate.Code(err) == notActive || gate.IsNotFound(err) {
			return t.revive(ctx, w)
		}
		if err != nil {
			return object, fmt.Errorf("updating service %s: %w", w.Want.Name, passing(err))
		}
		updated = serviceAsDesired(w, *out.Service)
	}
	if err := setTags(ctx, t.API, object.ID, object.Tags, w.Want.tags(w.Tags), keeps(changed)...); err != nil {
		return object, err
	}
	return updated, nil
}

// notActive is ECS's error code for a service that is draining or gone.
const notActive = "ServiceNotActiveException"

// revive creates a service again that somebody has deleted since it was listed.
// While the old service drains, its name is taken.
func (t Services) revive(ctx context.Context, w engine.Desired[Service]) (engine.Object, error) {
	found, err := t.describe(ctx, w.Want.Cluster.Value(), []string{w.Want.Name})
	if err != nil {
		return engine.Object{}, fmt.Errorf("reading service %s: %w", w.Want.Name, err)
	}
	if len(found) > 0 {
		return engine.Object{}, gate.Busy("service " + w.Want.Name + " is being deleted")
	}
	return t.Create(ctx, w)
}

// serviceAsDesired returns the object for the answer to a create or an update.
// Its deployment is the one to wait for.
func serviceAsDesired(w engine.Desired[Service], s types.Service) engine.Object {
	shown := serviceObject(s)
	object := engine.AsDesired(w, shown.ID, shown.Outputs)
	object.State, object.Detail, object.Created = shown.State, shown.Detail, shown.Created
	if object.State == engine.StateReady && s.RunningCount < s.DesiredCount {
		object.State, object.Detail = engine.StatePending, counts(s)
	}
	return object
}

// Poll implements engine.Poller, ten services a call.
func (t Services) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	byCluster := map[string][]engine.Object{}
	for _, l := range objects {
		cluster := clusterOf(l.ID)
		byCluster[cluster] = append(byCluster[cluster], l)
	}
	var out []engine.Object
	for cluster, objects := range byCluster {
		ids := make([]string, len(objects))
		for i, l := range objects {
			ids[i] = l.ID
		}
		found, err := t.describe(ctx, cluster, ids)
		if err != nil {
			return nil, fmt.Errorf("polling services: %w", err)
		}
		found = slices.DeleteFunc(found, func(s types.Service) bool { return !slices.Contains(ids, aws.ToString(s.ServiceArn)) })
		waited, now := make([]engine.Object, len(found)), make([]engine.Object, len(found))
		for i, s := range found {
			waited[i] = objects[slices.Index(ids, aws.ToString(s.ServiceArn))]
			now[i] = lookedAt(s, waited[i])
		}
		if err := t.judge(ctx, waited, now, found); err != nil {
			return nil, err
		}
		for i, s := range found {
			if moved, err := t.offSpot(ctx, s, waited[i], &now[i]); moved || err != nil {
				if err != nil {
					return nil, err
				}
				continue
			}
			t.sayStops(ctx, s, waited[i], &now[i])
		}
		out = append(out, now...)
	}
	return out, nil
}

// Delete implements engine.Type. Running tasks are drained and stopped.
func (t Services) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteService(ctx, &ecs.DeleteServiceInput{
		Cluster: aws.String(clusterOf(object.ID)), Service: &object.ID, Force: aws.Bool(true),
	})
	if err != nil && !gate.IsNotFound(err) && gate.Code(err) != notActive {
		return fmt.Errorf("deleting service %s: %w", LastPart(object.ID), err)
	}
	return nil
}

var (
	_ engine.Type[Service] = Services{}
	_ engine.Poller        = Services{}
)
