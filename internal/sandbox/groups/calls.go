package groups

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// principal is the service that the linked role is for.
const principal = "autoscaling.amazonaws.com"

func (p *Groups) createGroup(rq *world.Request, in *autoscaling.CreateAutoScalingGroupInput) (*autoscaling.CreateAutoScalingGroupOutput, error) {
	name := aws.ToString(in.AutoScalingGroupName)
	if name == "" || len(name) > 255 || strings.Contains(name, ":") {
		return nil, invalid("1 validation error detected: Value '%s' at 'autoScalingGroupName' failed to satisfy constraint", name)
	}
	if have := p.s.Groups.Get(name); have != nil {
		text := "AutoScalingGroup by this name already exists - A group with the name " + name + " already exists"
		if have.Deleting {
			text = "AutoScalingGroup by this name already exists - The group " + name + " is being deleted"
		}
		return nil, &types.AlreadyExistsFault{Message: &text}
	}
	if err := p.Needs.Roles.EnsureLinkedRole(rq, principal); err != nil {
		return nil, err
	}
	if !p.Needs.Roles.LinkedRoleReady(principal) {
		return nil, &types.ServiceLinkedRoleFailure{Message: aws.String("The default Service-Linked Role for Auto Scaling could not be assumed yet.")}
	}
	g := &group{
		ARN: p.arn(p.account.NewUUID("group"), name), Name: name, Created: rq.Now, Min: aws.ToInt32(in.MinSize), Max: aws.ToInt32(in.MaxSize),
		Desired: aws.ToInt32(in.MinSize), Policy: in.MixedInstancesPolicy, Protected: aws.ToBool(in.NewInstancesProtectedFromScaleIn), Tags: map[string]string{},
	}
	if in.DesiredCapacity != nil {
		g.Desired = *in.DesiredCapacity
	}
	if zones := aws.ToString(in.VPCZoneIdentifier); zones != "" {
		g.Subnets = strings.Split(zones, ",")
	}
	for _, t := range in.Tags {
		g.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	if err := p.check(rq, g); err != nil {
		return nil, err
	}
	p.s.Groups.Put(p.account, rq.Now, name, g)
	p.settle(rq.Now, g)
	return &autoscaling.CreateAutoScalingGroupOutput{}, nil
}

// check refuses what no instance can be started from. The caller needs the rights to start
// one itself.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
func (p *Groups) check(rq *world.Request, g *group) error {
	if g.Min < 0 || g.Max < g.Min || g.Desired < g.Min || g.Desired > g.Max {
		return invalid("Desired capacity:%d must be between the specified min size:%d and max size:%d", g.Desired, g.Min, g.Max)
	}
	if g.Policy == nil || g.Policy.LaunchTemplate == nil || g.Policy.LaunchTemplate.LaunchTemplateSpecification == nil {
		return invalid("Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.")
	}
	of := g.Policy.LaunchTemplate.LaunchTemplateSpecification
	data, err := p.Needs.Network.Template(rq, aws.ToString(of.LaunchTemplateId), aws.ToString(of.Version))
	if err != nil {
		return invalid("You must use a valid fully-formed launch template. %s", err)
	}
	for _, action := range []string{"ec2:RunInstances", "ec2:CreateTags"} {
		if err := rq.Also(action, p.account.ARN("ec2", "instance/*"), world.Facts{"ec2:CreateAction": {"RunInstances"}}); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(aws.ToString(data.ImageId), "ami-") {
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
		return invalid("You must use a valid fully-formed launch template. The image id '%s' does not exist, or cannot be used with instance requirements", aws.ToString(data.ImageId))
	}
	if len(fitting(g)) == 0 {
		return invalid("No instance types satisfy the instance requirements.")
	}
	if data.IamInstanceProfile != nil {
		arn := aws.ToString(data.IamInstanceProfile.Arn)
		role, ok := p.Needs.Profiles.ProfileRole(arn)
		if !ok || role == "" || p.Needs.Roles.Assumable(role, "ec2.amazonaws.com") != nil {
			return invalid("You must use a valid fully-formed launch template. Value (%s) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN", arn)
		}
		if err := rq.PassRole(role, "ec2.amazonaws.com"); err != nil {
			return err
		}
	}
	vpc := ""
	for _, id := range g.Subnets {
		have, _, ok := p.Needs.Network.FindSubnet(rq, id)
		if !ok || vpc != "" && vpc != have {
			return invalid("The subnet ID '%s' does not exist", id)
		}
		vpc = have
	}
	if vpc == "" {
		return invalid("At least one Availability Zone or VPC Subnet is required.")
	}
	for _, id := range data.SecurityGroupIds {
		if have, ok := p.Needs.Network.FindGroup(rq, id); !ok || have != vpc {
			return invalid("You must use a valid fully-formed launch template. The security group '%s' does not exist", id)
		}
	}
	return nil
}

func (p *Groups) updateGroup(rq *world.Request, in *autoscaling.UpdateAutoScalingGroupInput) (*autoscaling.UpdateAutoScalingGroupOutput, error) {
	g, err := p.find(rq, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if g.Deleting {
		return nil, &types.ScalingActivityInProgressFault{Message: aws.String("AutoScalingGroup " + g.Name + " is pending delete")}
	}
	next := *g
	set := func(to *int32, v *int32) {
		if v != nil {
			*to = *v
		}
	}
	set(&next.Min, in.MinSize)
	set(&next.Max, in.MaxSize)
	set(&next.Desired, in.DesiredCapacity)
	if in.DesiredCapacity == nil {
		next.Desired = min(max(next.Desired, next.Min), next.Max)
	}
	if in.MixedInstancesPolicy != nil {
		next.Policy = in.MixedInstancesPolicy
	}
	if in.NewInstancesProtectedFromScaleIn != nil {
		next.Protected = *in.NewInstancesProtectedFromScaleIn
	}
	if in.VPCZoneIdentifier != nil {
		next.Subnets = strings.Split(*in.VPCZoneIdentifier, ",")
	}
	if in.MixedInstancesPolicy != nil || in.VPCZoneIdentifier != nil {
		if err := p.check(rq, &next); err != nil {
			return nil, err
		}
	}
	*g = next
	p.settle(rq.Now, g)
	return &autoscaling.UpdateAutoScalingGroupOutput{}, nil
}

// deleteGroup refuses while there are instances, unless it is told to end them, too.
func (p *Groups) deleteGroup(rq *world.Request, in *autoscaling.DeleteAutoScalingGroupInput) (*autoscaling.DeleteAutoScalingGroupOutput, error) {
	g, err := p.find(rq, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	have := p.of(g)
	if len(have) > 0 && !aws.ToBool(in.ForceDelete) {
		return nil, &types.ResourceInUseFault{Message: aws.String(
			"You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.")}
	}
	g.Min, g.Max, g.Desired, g.Deleting = 0, 0, 0, true
	for _, i := range have {
		p.terminate(rq.Now, i)
	}
	if len(have) == 0 {
		p.s.Groups.Remove(rq.Now, g.Name)
	}
	return &autoscaling.DeleteAutoScalingGroupOutput{}, nil
}

func (p *Groups) describeGroups(rq *world.Request, in *autoscaling.DescribeAutoScalingGroupsInput) (*autoscaling.DescribeAutoScalingGroupsOutput, error) {
	var all []types.AutoScalingGroup
	for _, g := range p.s.Groups.List(rq) {
		if (len(in.AutoScalingGroupNames) == 0 || slices.Contains(in.AutoScalingGroupNames, g.Name)) && passes(g, in.Filters) {
			all = append(all, p.shown(g))
		}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxRecords, 50)
	if err != nil {
		return nil, &types.InvalidNextToken{Message: aws.String("Invalid next token")}
	}
	return &autoscaling.DescribeAutoScalingGroupsOutput{AutoScalingGroups: page, NextToken: next}, nil
}

// passes says whether a group passes all filters, of which tag:KEY is known here.
func passes(g *group, filters []types.Filter) bool {
	for _, f := range filters {
		key, ok := strings.CutPrefix(aws.ToString(f.Name), "tag:")
		if value, has := g.Tags[key]; !ok || !has || !slices.Contains(f.Values, value) {
			return false
		}
	}
	return true
}

func (p *Groups) shown(g *group) types.AutoScalingGroup {
	out := types.AutoScalingGroup{
		AutoScalingGroupName: aws.String(g.Name), AutoScalingGroupARN: aws.String(g.ARN), CreatedTime: aws.Time(g.Created),
		MinSize: aws.Int32(g.Min), MaxSize: aws.Int32(g.Max), DesiredCapacity: aws.Int32(g.Desired), MixedInstancesPolicy: world.Clone(g.Policy),
		VPCZoneIdentifier: aws.String(strings.Join(g.Subnets, ",")), NewInstancesProtectedFromScaleIn: aws.Bool(g.Protected),
	}
	if g.Deleting {
		out.Status = aws.String("Delete in progress")
	}
	for _, i := range p.of(g) {
		out.Instances = append(out.Instances, types.Instance{
			InstanceId: aws.String(i.ID), InstanceType: aws.String(i.Kind), AvailabilityZone: aws.String(i.Zone), LifecycleState: i.State,
			ProtectedFromScaleIn: aws.Bool(i.Protected), HealthStatus: aws.String("Healthy"),
			LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: aws.String(i.Template), Version: aws.String(i.Version)},
		})
	}
	for _, key := range slices.Sorted(maps.Keys(g.Tags)) {
		out.Tags = append(out.Tags, types.TagDescription{
			Key: aws.String(key), Value: aws.String(g.Tags[key]), ResourceId: aws.String(g.Name), ResourceType: aws.String("auto-scaling-group"),
			PropagateAtLaunch: aws.Bool(key == "AmazonECSManaged"),
		})
	}
	return out
}

// setProtection refuses instances that are not in service.
func (p *Groups) setProtection(rq *world.Request, in *autoscaling.SetInstanceProtectionInput) (*autoscaling.SetInstanceProtectionOutput, error) {
	g, err := p.find(rq, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	for _, id := range in.InstanceIds {
		i := p.s.Instances.Get(id)
		if i == nil || i.Group != g.ARN || i.State != types.LifecycleStateInService {
			return nil, invalid("The instance %s is not in InService or EnteringStandby or Standby.", id)
		}
	}
	for _, id := range in.InstanceIds {
		p.s.Instances.Get(id).Protected = aws.ToBool(in.ProtectedFromScaleIn)
	}
	p.settle(rq.Now, g)
	return &autoscaling.SetInstanceProtectionOutput{}, nil
}
