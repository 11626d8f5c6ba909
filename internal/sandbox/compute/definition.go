package compute

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/definition"
	"github.com/berthdev/berth/internal/sandbox/startup"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// definitions are the task definitions.
type definitions struct {
	account *world.Account
	s       *state
}

func (p *definitions) definitionRoutes(r *world.Router) {
	world.On(r, p.registerTaskDefinition)
	world.On(r, p.deregisterTaskDefinition)
	world.On(r, p.deleteTaskDefinitions)
	world.On(r, p.describeTaskDefinition)
	world.On(r, p.listTaskDefinitions)
	world.On(r, p.listTaskDefinitionFamilies)
	r.Event("ecs.definition.deleted", p.definitionDeleted)
}

func (p *definitions) registerTaskDefinition(rq *world.Request, in *ecs.RegisterTaskDefinitionInput) (*ecs.RegisterTaskDefinitionOutput, error) {
	if !definition.Name.MatchString(aws.ToString(in.Family)) {
		return nil, badClient("Family should be between 1 and 255 characters and contain letters, numbers, hyphens and underscores only.")
	}
	if err := definition.Check(in); err != nil {
		return nil, err
	}
	for _, role := range []*string{in.ExecutionRoleArn, in.TaskRoleArn} {
		if role == nil {
			continue
		}
		if err := rq.PassRole(*role, startup.Principal); err != nil {
			return nil, err
		}
	}
	if p.s.Revisions == nil {
		p.s.Revisions = map[string]int32{}
	}
	p.s.Revisions[*in.Family]++
	n := p.s.Revisions[*in.Family]
	d := &taskDefinition{Tags: in.Tags, Shown: types.TaskDefinition{
		TaskDefinitionArn: aws.String(p.account.ARN("ecs", "task-definition/"+*in.Family+":"+itoa(n))),
		Family:            in.Family, Revision: n, Status: types.TaskDefinitionStatusActive, RegisteredAt: aws.Time(rq.Now),
		RegisteredBy: aws.String("arn:aws:iam::" + p.account.Number() + ":root"),
		Cpu:          in.Cpu, Memory: in.Memory, NetworkMode: in.NetworkMode, ExecutionRoleArn: in.ExecutionRoleArn,
		TaskRoleArn: in.TaskRoleArn, RuntimePlatform: in.RuntimePlatform, EphemeralStorage: in.EphemeralStorage,
		RequiresCompatibilities: in.RequiresCompatibilities, Volumes: in.Volumes, PidMode: in.PidMode, IpcMode: in.IpcMode,
		Compatibilities:      []types.Compatibility{types.CompatibilityEc2, types.CompatibilityFargate},
		PlacementConstraints: in.PlacementConstraints, ProxyConfiguration: in.ProxyConfiguration,
	}}
	for _, c := range in.ContainerDefinitions {
		d.Shown.ContainerDefinitions = append(d.Shown.ContainerDefinitions, definition.Normal(c))
	}
	p.s.Definitions.Put(p.account, rq.Now, *d.Shown.TaskDefinitionArn, d)
	return &ecs.RegisterTaskDefinitionOutput{TaskDefinition: &d.Shown, Tags: d.Tags}, nil
}

// definitionOf returns the revision that a call names by an ARN,
// FAMILY:REVISION, or FAMILY for its newest ACTIVE one; nil if there is none.
func (p *definitions) definitionOf(rq *world.Request, name *string) *taskDefinition {
	ref := aws.ToString(name)
	if !strings.HasPrefix(ref, "arn:") {
		ref = p.account.ARN("ecs", "task-definition/"+ref)
	}
	if d := p.s.Definitions.Find(rq, ref); d != nil {
		return d
	}
	var newest *taskDefinition
	for _, d := range p.s.Definitions.All() {
		if p.account.ARN("ecs", "task-definition/"+*d.Shown.Family) == ref && d.Shown.Status == types.TaskDefinitionStatusActive {
			newest = d
		}
	}
	return newest
}

func (p *definitions) describeTaskDefinition(rq *world.Request, in *ecs.DescribeTaskDefinitionInput) (*ecs.DescribeTaskDefinitionOutput, error) {
	d := p.definitionOf(rq, in.TaskDefinition)
	if d == nil {
		return nil, badClient("Unable to describe task definition.")
	}
	out := &ecs.DescribeTaskDefinitionOutput{TaskDefinition: &d.Shown}
	if slices.Contains(in.Include, types.TaskDefinitionFieldTags) {
		out.Tags = append([]types.Tag{}, d.Tags...)
	}
	return out, nil
}

func (p *definitions) deregisterTaskDefinition(rq *world.Request, in *ecs.DeregisterTaskDefinitionInput) (*ecs.DeregisterTaskDefinitionOutput, error) {
	ref := aws.ToString(in.TaskDefinition)
	if !strings.Contains(ref[strings.LastIndex(ref, "/")+1:], ":") {
		return nil, badClient("Deregister requires a revision: FAMILY:REVISION or the full ARN.")
	}
	d := p.definitionOf(rq, in.TaskDefinition)
	if d == nil {
		return nil, badClient("The specified task definition does not exist.")
	}
	if d.Shown.Status != types.TaskDefinitionStatusActive {
		return nil, badClient("The specified task definition is inactive.")
	}
	d.Shown.Status, d.Shown.DeregisteredAt = types.TaskDefinitionStatusInactive, aws.Time(rq.Now)
	return &ecs.DeregisterTaskDefinitionOutput{TaskDefinition: &d.Shown}, nil
}

func (p *definitions) deleteTaskDefinitions(rq *world.Request, in *ecs.DeleteTaskDefinitionsInput) (*ecs.DeleteTaskDefinitionsOutput, error) {
	if len(in.TaskDefinitions) == 0 || len(in.TaskDefinitions) > 10 {
		return nil, badInput("The number of task definitions must be between 1 and 10.")
	}
	out := &ecs.DeleteTaskDefinitionsOutput{TaskDefinitions: []types.TaskDefinition{}, Failures: []types.Failure{}}
	for _, ref := range in.TaskDefinitions {
		d := p.definitionOf(rq, &ref)
		switch {
		case d == nil:
			out.Failures = append(out.Failures, types.Failure{
				Arn: aws.String(ref), Reason: aws.String("The specified task definition does not exist."),
			})
			continue
		case d.Shown.Status == types.TaskDefinitionStatusActive:
			out.Failures = append(out.Failures, types.Failure{
				Arn:    d.Shown.TaskDefinitionArn,
				Reason: aws.String("The specified task definition is still in ACTIVE status. Please deregister the target and try again."),
			})
			continue
		case d.Shown.Status == types.TaskDefinitionStatusInactive:
			d.Shown.Status, d.Shown.DeleteRequestedAt = types.TaskDefinitionStatusDeleteInProgress, aws.Time(rq.Now)
			p.account.Schedule(rq.Now.Add(p.account.Takes(world.TaskDefinitionDeleted)), "ecs.definition.deleted", *d.Shown.TaskDefinitionArn)
		}
		out.TaskDefinitions = append(out.TaskDefinitions, d.Shown)
	}
	return out, nil
}

// listTaskDefinitions takes a whole family name as its "prefix", as AWS does.
func (p *definitions) listTaskDefinitions(rq *world.Request, in *ecs.ListTaskDefinitionsInput) (*ecs.ListTaskDefinitionsOutput, error) {
	want := cmp.Or(in.Status, types.TaskDefinitionStatusActive)
	all := p.s.Definitions.List(rq)
	slices.SortStableFunc(all, func(a, b *taskDefinition) int {
		return cmp.Or(strings.Compare(*a.Shown.Family, *b.Shown.Family), cmp.Compare(a.Shown.Revision, b.Shown.Revision))
	})
	if in.Sort == types.SortOrderDesc {
		slices.Reverse(all)
	}
	var arns []string
	for _, d := range all {
		if d.Shown.Status == want && (in.FamilyPrefix == nil || *d.Shown.Family == *in.FamilyPrefix) {
			arns = append(arns, *d.Shown.TaskDefinitionArn)
		}
	}
	page, next, err := listPage(arns, in.NextToken, in.MaxResults, 100)
	return &ecs.ListTaskDefinitionsOutput{TaskDefinitionArns: page, NextToken: next}, err
}

func (p *definitions) listTaskDefinitionFamilies(rq *world.Request, in *ecs.ListTaskDefinitionFamiliesInput) (*ecs.ListTaskDefinitionFamiliesOutput, error) {
	status := cmp.Or(in.Status, types.TaskDefinitionFamilyStatusAll)
	activeOnes := map[string]bool{}
	for _, d := range p.s.Definitions.List(rq) {
		if strings.HasPrefix(*d.Shown.Family, aws.ToString(in.FamilyPrefix)) {
			activeOnes[*d.Shown.Family] = activeOnes[*d.Shown.Family] || d.Shown.Status == types.TaskDefinitionStatusActive
		}
	}
	var families []string
	for name, isActive := range activeOnes {
		if status == types.TaskDefinitionFamilyStatusAll || isActive == (status == types.TaskDefinitionFamilyStatusActive) {
			families = append(families, name)
		}
	}
	slices.Sort(families)
	page, next, err := listPage(families, in.NextToken, in.MaxResults, 100)
	return &ecs.ListTaskDefinitionFamiliesOutput{Families: page, NextToken: next}, err
}

// definitionDeleted removes a revision that no task and no service refers to; otherwise AWS
// checks again later.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteTaskDefinitions.html
func (p *definitions) definitionDeleted(at time.Time, arn string) {
	if slices.ContainsFunc(p.s.Tasks.All(), func(t *task) bool { return t.Definition == arn && t.Last != stopped }) ||
		slices.ContainsFunc(p.s.Services.All(), func(s *service) bool { return s.uses(arn) }) {
		p.account.Schedule(at.Add(p.account.Takes(world.TaskDefinitionDeleted)), "ecs.definition.deleted", arn)
		return
	}
	p.s.Definitions.Remove(at, arn)
}

// number parses a text that ECS treats as a number, such as cpu and memory.
func number(s *string) int {
	n, err := strconv.Atoi(aws.ToString(s))
	if err != nil {
		return 0
	}
	return n
}
