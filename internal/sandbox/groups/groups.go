package groups

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Groups are the Auto Scaling groups of an account.
type Groups struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs
}

// state is the groups by their names, and their instances by their ids.
type state struct {
	Groups    world.Table[group]
	Instances world.Table[instance]
}

// group is an Auto Scaling group.
type group struct {
	ARN, Name         string
	Created           time.Time
	Min, Max, Desired int32
	Subnets           []string
	Policy            *types.MixedInstancesPolicy
	// Protected says that new instances are protected from scale-in.
	Protected bool
	Tags      map[string]string
	// Deleting says that it goes with its last instance.
	Deleting bool `json:",omitempty"`
}

// instance is an instance of a group, with its root volume.
type instance struct {
	Instance
	// Role is the ARN of its role, Cluster that of its user data.
	Role, Cluster, ENI, Template, Version string
	State                                 types.LifecycleState
	Protected                             bool
	// Tags are those of the instance and the volume.
	Tags map[string]string
}

// New makes the Auto Scaling of an account.
func New(account *world.Account) *Groups { return &Groups{account: account} }

// ID implements world.Service.
func (p *Groups) ID() string { return autoscaling.ServiceID }

// State implements world.Service.
func (p *Groups) State() any { return &p.s }

// Routes implements world.Service.
func (p *Groups) Routes(r *world.Router) {
	world.On(r, p.createGroup)
	world.On(r, p.updateGroup)
	world.On(r, p.deleteGroup)
	world.On(r, p.describeGroups)
	world.On(r, p.setProtection)
	world.On(r, p.setTags)
	world.On(r, p.deleteTags)
	r.Event("groups.instance.up", p.up)
	r.Event("groups.instance.gone", p.gone)
}

// Locate names the group of a call.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html
func (p *Groups) Locate(_ string, in any) string {
	name := world.FieldText(in, "AutoScalingGroupName")
	switch in := in.(type) {
	case *autoscaling.CreateOrUpdateTagsInput:
		for _, t := range in.Tags {
			name = aws.ToString(t.ResourceId)
		}
	case *autoscaling.DeleteTagsInput:
		for _, t := range in.Tags {
			name = aws.ToString(t.ResourceId)
		}
	}
	if name == "" {
		return ""
	}
	if g := p.s.Groups.Get(name); g != nil {
		return g.ARN
	}
	return p.arn("*", name)
}

func (p *Groups) arn(id, name string) string {
	return p.account.ARN("autoscaling", "autoScalingGroup:"+id+":autoScalingGroupName/"+name)
}

// Dump implements world.Service.
func (p *Groups) Dump(d *world.Dumper) {
	for _, g := range p.s.Groups.All() {
		d.Add("autoscaling.group", g.ARN, g.Name, map[string]any{
			"max": g.Max, "desired": g.Desired, "subnets": g.Subnets, "policy": g.Policy, "protected": g.Protected, "tags": g.Tags,
		})
	}
	for _, i := range p.s.Instances.All() {
		d.Add("ec2.instance", i.ID, world.LastPart(i.Group), map[string]any{"type": i.Kind, "tags": i.Tags})
	}
}

// Index implements world.Indexed: conditions of policies see the tags of groups.
func (p *Groups) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Groups, f, func(g *group) (string, map[string]string) { return g.ARN, g.Tags })
}

func invalid(format string, args ...any) error {
	return world.APIError(400, "ValidationError", format, args...)
}

// find is the group of a name; Auto Scaling has no error of its own for one that is missing.
func (p *Groups) find(rq *world.Request, name *string) (*group, error) {
	if g := p.s.Groups.Find(rq, aws.ToString(name)); g != nil {
		return g, nil
	}
	return nil, invalid("AutoScalingGroup name not found - AutoScalingGroup '%s' not found", aws.ToString(name))
}

// setTags and deleteTags change tags of groups.
func (p *Groups) setTags(rq *world.Request, in *autoscaling.CreateOrUpdateTagsInput) (*autoscaling.CreateOrUpdateTagsOutput, error) {
	for _, t := range in.Tags {
		g, err := p.find(rq, t.ResourceId)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(aws.ToString(t.Key), "aws:") {
			return nil, invalid("Tag keys may not begin with aws:")
		}
		if g.Tags == nil {
			g.Tags = map[string]string{}
		}
		g.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return &autoscaling.CreateOrUpdateTagsOutput{}, nil
}

func (p *Groups) deleteTags(rq *world.Request, in *autoscaling.DeleteTagsInput) (*autoscaling.DeleteTagsOutput, error) {
	for _, t := range in.Tags {
		g, err := p.find(rq, t.ResourceId)
		if err != nil {
			return nil, err
		}
		delete(g.Tags, aws.ToString(t.Key))
	}
	return &autoscaling.DeleteTagsOutput{}, nil
}

// byARN is the group with an ARN; nil if there is none.
func (p *Groups) byARN(arn string) *group {
	if g := p.s.Groups.Get(world.LastPart(arn)); g != nil && g.ARN == arn {
		return g
	}
	return nil
}

// Fleet is a group as ECS sees it; ok is false if there is none, or no more.
func (p *Groups) Fleet(arn string) (protected bool, desired, most int, ok bool) {
	g := p.byARN(arn)
	if g == nil || g.Deleting {
		return false, 0, 0, false
	}
	return g.Protected, int(g.Desired), int(g.Max), true
}

// Mark gives a group the tag of groups that ECS scales.
func (p *Groups) Mark(arn string) {
	if g := p.byARN(arn); g != nil {
		if g.Tags == nil {
			g.Tags = map[string]string{}
		}
		g.Tags["AmazonECSManaged"] = ""
	}
}

var (
	_ world.Service = (*Groups)(nil)
	_ world.Locator = (*Groups)(nil)
	_ world.Indexed = (*Groups)(nil)
)
