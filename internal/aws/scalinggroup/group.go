package scalinggroup

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Group is an Auto Scaling group that ECS scales: it begins without instances, and
// instances with tasks are not ended. Outputs: id (the name), arn.
type Group struct {
	Name string `attr:"name,replace,own"`
	// Template is the id of the launch template, Version the number of its version, which
	// new instances have.
	Template engine.Ref   `attr:"template"`
	Version  engine.Ref   `attr:"template_version"`
	Subnets  []engine.Ref `attr:"subnets,set"`
	// Max is the most instances.
	Max       int       `attr:"max"`
	Instances Instances `attr:"instances"`
	// Protected says that new instances are not ended when the group gets smaller, until
	// ECS takes the protection off.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html
	Protected bool `attr:"protected"`
}

// Instances say which instance types a group may start.
type Instances struct {
	// VCPU and MemoryMiB are the least.
	VCPU, MemoryMiB int
	// Types are names, which may have wildcards; empty allows all.
	Types []string
	// Makers are the makers of the processors: intel, amd, amazon-web-services.
	Makers []string
	// GPUs is the least number of NVIDIA's GPUs.
	GPUs int
}

// Type implements engine.Resource.
func (Group) Type() string { return "autoscaling.group" }

// Groups is the type of Group.
type Groups struct {
	API *autoscaling.Client
	// Used says whether a reading must look for groups at all.
	Used func(context.Context, engine.Query) (bool, error)
}

// Spec implements engine.Type. A group is gone when its last instance is.
func (Groups) Spec() engine.Spec {
	return engine.Spec{
		Name: Group{}.Type(), Identity: engine.UniqueName, ReadyIn: time.Second, GoneIn: 90 * time.Second, GoneBy: 20 * time.Minute,
		InUse: "its instances go first", DeletesAfter: []string{"ecs.group-provider", "ecs.service", "ecs.job"},
	}
}

// List implements engine.Type.
func (t Groups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if used, err := t.Used(ctx, q); err != nil || !used {
		return nil, err
	}
	var owners []string
	for _, o := range q.Owners {
		owners = append(owners, o.String())
	}
	return t.describe(ctx, &autoscaling.DescribeAutoScalingGroupsInput{
		Filters: []types.Filter{{Name: aws.String("tag:" + engine.TagOwner), Values: owners}},
	})
}

// Poll implements engine.Poller.
func (t Groups) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	in := &autoscaling.DescribeAutoScalingGroupsInput{}
	for _, o := range objects {
		in.AutoScalingGroupNames = append(in.AutoScalingGroupNames, o.ID)
	}
	return t.describe(ctx, in)
}

func (t Groups) describe(ctx context.Context, in *autoscaling.DescribeAutoScalingGroupsInput) ([]engine.Object, error) {
	var objects []engine.Object
	pages := autoscaling.NewDescribeAutoScalingGroupsPaginator(t.API, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing Auto Scaling groups: %w", err)
		}
		for _, g := range page.AutoScalingGroups {
			objects = append(objects, groupObject(g))
		}
	}
	return objects, nil
}

// Create implements engine.Type.
func (t Groups) Create(ctx context.Context, w engine.Desired[Group]) (engine.Object, error) {
	ctx = gate.JustMade(ctx)
	_, err := t.API.CreateAutoScalingGroup(ctx, &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: &w.Want.Name, MinSize: aws.Int32(0), MaxSize: size(w.Want.Max), MixedInstancesPolicy: policy(w.Want),
		VPCZoneIdentifier: aws.String(subnets(w.Want)), NewInstancesProtectedFromScaleIn: &w.Want.Protected, Tags: groupTags(w.Want.Name, w.Tags),
	})
	if err != nil && !gate.IsExists(err) {
		return engine.Object{}, fmt.Errorf("creating Auto Scaling group %s: %w", w.Want.Name, tooNew(err))
	}
	exists := err
	// The answer has no ARN.
	found, err := t.describe(ctx, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{w.Want.Name}})
	if err != nil {
		return engine.Object{}, gate.Half(err)
	}
	if len(found) == 0 {
		return engine.Object{}, gate.Unlisted("the Auto Scaling group " + w.Want.Name)
	}
	object := found[0]
	if exists == nil {
		return engine.AsDesired(w, object.ID, object.Outputs), nil
	}
	if err := w.Claim(engine.Mark{Address: object.Address}, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	if object.State == engine.StateDeleting {
		return engine.Object{}, gate.Busy("the Auto Scaling group " + w.Want.Name + " is being deleted")
	}
	return t.Update(ctx, w, object, gate.Differing(w.Want, object))
}

// tooNew makes the error about an instance profile, a launch template or a part of the
// network that Auto Scaling does not see yet one that passes. The service has one code for
// everything.
func tooNew(err error) error {
	for _, text := range []string{"does not exist", "Invalid IAM Instance Profile", "Invalid IamInstanceProfile"} {
		if gate.Code(err) == "ValidationError" && strings.Contains(err.Error(), text) {
			return gate.Unseen(err)
		}
	}
	return err
}

// Update implements engine.Type. Instances that run stay as they are.
func (t Groups) Update(ctx context.Context, w engine.Desired[Group], object engine.Object, changed []string) (engine.Object, error) {
	if len(changed) > 0 {
		_, err := t.API.UpdateAutoScalingGroup(ctx, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: &object.ID, MinSize: aws.Int32(0), MaxSize: size(w.Want.Max), MixedInstancesPolicy: policy(w.Want),
			VPCZoneIdentifier: aws.String(subnets(w.Want)), NewInstancesProtectedFromScaleIn: &w.Want.Protected,
		})
		if err != nil {
			return object, fmt.Errorf("updating Auto Scaling group %s: %w", object.ID, tooNew(err))
		}
	}
	return engine.AsDesired(w, object.ID, object.Outputs), t.retag(ctx, object, w.Tags)
}

// protectedAtOnce is how many instances one call protects.
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html
const protectedAtOnce = 50

// Delete implements engine.Type. First no instance is started any more and none is
// protected; then AWS ends them all, with their volumes, and the group with the last one.
func (t Groups) Delete(ctx context.Context, object engine.Object) error {
	out, err := t.API.DescribeAutoScalingGroups(ctx, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{object.ID}})
	if err != nil {
		return fmt.Errorf("reading Auto Scaling group %s: %w", object.ID, err)
	}
	for _, g := range out.AutoScalingGroups {
		if g.Status != nil {
			return nil // it is being deleted
		}
		if err := t.empty(ctx, g); err != nil {
			return fmt.Errorf("emptying Auto Scaling group %s: %w", object.ID, err)
		}
		_, err := t.API.DeleteAutoScalingGroup(ctx, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: &object.ID, ForceDelete: aws.Bool(true)})
		if err != nil && !absent(err) {
			return fmt.Errorf("deleting Auto Scaling group %s: %w", object.ID, err)
		}
	}
	return nil
}

func (t Groups) empty(ctx context.Context, g types.AutoScalingGroup) error {
	_, err := t.API.UpdateAutoScalingGroup(ctx, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: g.AutoScalingGroupName, MinSize: aws.Int32(0), MaxSize: aws.Int32(0), DesiredCapacity: aws.Int32(0),
		NewInstancesProtectedFromScaleIn: aws.Bool(false),
	})
	if err != nil && !absent(err) {
		return err
	}
	var protected []string
	for _, i := range g.Instances {
		// Only instances in service can lose their protection; the others end anyway.
		if aws.ToBool(i.ProtectedFromScaleIn) && i.LifecycleState == types.LifecycleStateInService {
			protected = append(protected, aws.ToString(i.InstanceId))
		}
	}
	for batch := range slices.Chunk(protected, protectedAtOnce) {
		_, err := t.API.SetInstanceProtection(ctx, &autoscaling.SetInstanceProtectionInput{
			AutoScalingGroupName: g.AutoScalingGroupName, InstanceIds: batch, ProtectedFromScaleIn: aws.Bool(false),
		})
		if err != nil && !absent(err) && !strings.Contains(err.Error(), "not in InService") {
			return err
		}
	}
	return nil
}

// absent says that a group is gone: the service has no code for that.
func absent(err error) bool {
	return gate.Code(err) == "ValidationError" && strings.Contains(err.Error(), "not found")
}

var (
	_ engine.Type[Group] = Groups{}
	_ engine.Poller      = Groups{}
)
