package autoscaling

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// AutoScaling is Application Auto Scaling.
type AutoScaling struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs
}

// state is the targets by the ids of their resources, and the load of services by
// the same ids.
type state struct {
	Targets world.Table[target]
	Loads   map[string]*load
}

// target is a scalable target with its policies and scheduled actions.
type target struct {
	ID, ARN   string
	Created   time.Time
	Min, Max  int32
	Suspended types.SuspendedState
	Tags      map[string]string
	Policies  []*policy
	Actions   []*action
	// Busy is until when AWS works on the last change of a policy.
	Busy time.Time
	// In and Out are when tasks were last removed and added.
	In, Out time.Time
}

// policy is a policy of target tracking, with Config, or of steps, with Step.
type policy struct {
	Name, ARN string
	Created   time.Time
	Config    *types.TargetTrackingScalingPolicyConfiguration
	Step      *types.StepScalingPolicyConfiguration
}

// New makes the Application Auto Scaling of an account.
func New(account *world.Account) *AutoScaling { return &AutoScaling{account: account} }

// ID implements world.Service.
func (p *AutoScaling) ID() string { return applicationautoscaling.ServiceID }

// State implements world.Service.
func (p *AutoScaling) State() any { return &p.s }

// Routes implements world.Service.
func (p *AutoScaling) Routes(r *world.Router) {
	world.On(r, p.registerScalableTarget)
	world.On(r, p.deregisterScalableTarget)
	world.On(r, p.describeScalableTargets)
	world.On(r, p.putScalingPolicy)
	world.On(r, p.deleteScalingPolicy)
	world.On(r, p.describeScalingPolicies)
	world.On(r, p.putScheduledAction)
	world.On(r, p.deleteScheduledAction)
	world.On(r, p.describeScheduledActions)
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTagsForResource)
	r.Event(minuteEvent, p.minute)
	r.Event(fastEvent, p.fast)
	r.Event(alarmEvent, p.alarms)
	r.Event(actionEvent, p.act)
}

// Locate names the target. A new one has no ARN yet. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
func (p *AutoScaling) Locate(_ string, in any) string {
	if arn := world.FieldText(in, "ResourceARN"); arn != "" {
		return arn
	}
	if t := p.s.Targets.Get(world.FieldText(in, "ResourceId")); t != nil {
		return t.ARN
	}
	return p.account.ARN("application-autoscaling", "scalable-target/*")
}

// Index implements world.Indexed.
func (p *AutoScaling) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Targets, f, func(t *target) (string, map[string]string) { return t.ARN, t.Tags })
}

// Dump implements world.Service.
func (p *AutoScaling) Dump(d *world.Dumper) {
	for _, t := range p.s.Targets.All() {
		policies := map[string]any{}
		for _, pol := range t.Policies {
			if policies[pol.Name] = pol.Config; pol.Step != nil {
				policies[pol.Name] = pol.Step
			}
		}
		actions := map[string]any{}
		for _, a := range t.Actions {
			actions[a.Is.Name] = a.Is
		}
		d.Add("autoscaling.target", t.ARN, t.ID, map[string]any{
			"min": t.Min, "max": t.Max, "suspended": t.Suspended, "policies": policies, "actions": actions, "tags": t.Tags,
		})
	}
}

// parts are the cluster and the service in the id of a resource.
func parts(id string) (cluster, service string, ok bool) {
	words := strings.Split(id, "/")
	if len(words) != 3 || words[0] != "service" || words[1] == "" || words[2] == "" {
		return "", "", false
	}
	return words[1], words[2], true
}

// supported refuses what is not the number of tasks of an ECS service. The text is
// AWS's, as moto has it, too.
func supported(ns types.ServiceNamespace, id string, dim types.ScalableDimension) error {
	if _, _, ok := parts(id); !ok || ns != types.ServiceNamespaceEcs || dim != types.ScalableDimensionECSServiceDesiredCount {
		return invalid("Unsupported service namespace, resource type or scalable dimension")
	}
	return nil
}

func invalid(format string, args ...any) error {
	return &types.ValidationException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// missing is the answer about a target or policy that does not exist. The texts are
// those that users of Terraform report.
func missing(what, id string) error {
	return &types.ObjectNotFoundException{Message: aws.String(fmt.Sprintf(
		"No %s for service namespace: ecs, resource ID: %s, scalable dimension: ecs:service:DesiredCount", what, id))}
}

var (
	_ world.Service = (*AutoScaling)(nil)
	_ world.Locator = (*AutoScaling)(nil)
	_ world.Indexed = (*AutoScaling)(nil)
)
