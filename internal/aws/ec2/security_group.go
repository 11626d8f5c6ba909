package ec2

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// SecurityGroup is a firewall around network interfaces; all egress is allowed.
// A group without rules marks its members, so that other groups' rules can name
// it as their source. Output: id.
type SecurityGroup struct {
	VPC         engine.Ref `attr:"vpc,replace,own"`
	Name        string     `attr:"name,replace,own"`
	Description string     `attr:"description,replace"`
	Ingress     []Rule     `attr:"ingress,set"`
}

// Type implements engine.Resource.
func (SecurityGroup) Type() string { return "ec2.security-group" }

// SecurityGroups is the Type of SecurityGroup.
type SecurityGroups struct{ API *sdk.Client }

// Spec implements engine.Type.
func (SecurityGroups) Spec() engine.Spec {
	return engine.Spec{
		InUse:    "its network interfaces go first",
		Holds:    "a network",
		Name:     "ec2.security-group",
		Identity: engine.UniqueName,
		// A group cannot be deleted before the network interfaces that have it.
		DeletesAfter: []string{"ecs.service", "ecs.job", "elb.load-balancer", "efs.mount-target", "s3files.mount-target"},
	}
}

// List implements engine.Type.
func (t SecurityGroups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	groups, err := t.describe(ctx, owned(q))
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, g := range groups {
		objects = append(objects, groupObject(g))
	}
	return objects, nil
}

func (t SecurityGroups) describe(ctx context.Context, f []types.Filter) ([]types.SecurityGroup, error) {
	p := sdk.NewDescribeSecurityGroupsPaginator(t.API, &sdk.DescribeSecurityGroupsInput{Filters: f})
	return collect(ctx, p, func(o *sdk.DescribeSecurityGroupsOutput) []types.SecurityGroup { return o.SecurityGroups })
}

func groupObject(g types.SecurityGroup) engine.Object {
	r := SecurityGroup{
		VPC:         engine.Lit(aws.ToString(g.VpcId)),
		Name:        aws.ToString(g.GroupName),
		Description: aws.ToString(g.Description),
		Ingress:     rulesOf(g.IpPermissions),
	}
	return ready(r, aws.ToString(g.GroupId), tagMap(g.Tags))
}

// Create implements engine.Type.
func (t SecurityGroups) Create(ctx context.Context, w engine.Desired[SecurityGroup]) (engine.Object, error) {
	out, err := t.API.CreateSecurityGroup(ctx, &sdk.CreateSecurityGroupInput{
		VpcId:             aws.String(w.Want.VPC.Value()),
		GroupName:         aws.String(w.Want.Name),
		Description:       aws.String(w.Want.Description),
		TagSpecifications: tagsAtCreate(types.ResourceTypeSecurityGroup, w.Tags),
	})
	if gate.IsExists(err) {
		return t.takeOver(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, err
	}
	id := aws.ToString(out.GroupId)
	if err := t.setIngress(gate.JustMade(ctx), id, nil, w.Want.Ingress); err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, id, w.Tags), nil
}

// takeOver uses the group that has the name already.
func (t SecurityGroups) takeOver(ctx context.Context, w engine.Desired[SecurityGroup], exists error) (engine.Object, error) {
	f := append(filter("vpc-id", w.Want.VPC.Value()), filter("group-name", w.Want.Name)...)
	groups, err := t.describe(ctx, f)
	if err != nil {
		return engine.Object{}, fmt.Errorf("finding the group named %s: %w", w.Want.Name, err)
	}
	groups = slices.DeleteFunc(groups, func(g types.SecurityGroup) bool {
		return aws.ToString(g.VpcId) != w.Want.VPC.Value() || aws.ToString(g.GroupName) != w.Want.Name
	})
	if len(groups) == 0 {
		return engine.Object{}, gate.Unseen(exists)
	}
	object := groupObject(groups[0])
	if err := mayUse(w, w.Want.Name, object.ID, object.Tags); err != nil {
		return engine.Object{}, err
	}
	if err := t.setIngress(ctx, object.ID, rulesOf(groups[0].IpPermissions), w.Want.Ingress); err != nil {
		return engine.Object{}, err
	}
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	shown := w.Want
	shown.Description = object.Attrs["description"]
	return ready(shown, object.ID, w.Tags), nil
}

// setIngress gives a group the wanted rules. It adds the new ones first, in one
// call, so that wanted traffic is never refused.
func (t SecurityGroups) setIngress(ctx context.Context, id string, have, want []Rule) error {
	add, drop := diffRules(have, want)
	if len(add) > 0 {
		_, err := t.API.AuthorizeSecurityGroupIngress(ctx, &sdk.AuthorizeSecurityGroupIngressInput{
			GroupId: aws.String(id), IpPermissions: permissions(add),
		})
		if gate.IsExists(err) {
			// The answer of an earlier attempt was lost, or a rule appeared
			// meanwhile: AWS adds all rules of a call or none.
			return t.addOneByOne(ctx, id, add, drop)
		}
		if err != nil {
			return fmt.Errorf("allow ingress to %s: %w", id, err)
		}
	}
	return t.revoke(ctx, id, drop)
}

func (t SecurityGroups) addOneByOne(ctx context.Context, id string, add, drop []Rule) error {
	for _, r := range add {
		_, err := t.API.AuthorizeSecurityGroupIngress(ctx, &sdk.AuthorizeSecurityGroupIngressInput{
			GroupId: aws.String(id), IpPermissions: permissions([]Rule{r}),
		})
		if err != nil && !gate.IsExists(err) {
			return fmt.Errorf("allow ingress to %s: %w", id, err)
		}
	}
	return t.revoke(ctx, id, drop)
}

func (t SecurityGroups) revoke(ctx context.Context, id string, drop []Rule) error {
	if len(drop) == 0 {
		return nil
	}
	_, err := t.API.RevokeSecurityGroupIngress(ctx, &sdk.RevokeSecurityGroupIngressInput{
		GroupId: aws.String(id), IpPermissions: permissions(drop),
	})
	if absent(err) != nil {
		return fmt.Errorf("revoking ingress to %s: %w", id, err)
	}
	return nil
}

// Update implements engine.Type.
func (t SecurityGroups) Update(ctx context.Context, w engine.Desired[SecurityGroup], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, "ingress") {
		groups, err := t.describe(ctx, filter("group-id", object.ID))
		if err != nil {
			return engine.Object{}, fmt.Errorf("reading the rules of %s: %w", object.ID, err)
		}
		var have []Rule
		for _, g := range groups {
			have = append(have, rulesOf(g.IpPermissions)...)
		}
		if err := t.setIngress(ctx, object.ID, have, w.Want.Ingress); err != nil {
			return engine.Object{}, err
		}
	}
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, object.ID, w.Tags), nil
}

// Delete implements engine.Type.
func (t SecurityGroups) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteSecurityGroup(ctx, &sdk.DeleteSecurityGroupInput{GroupId: aws.String(object.ID)})
	return absent(err)
}

var _ engine.Type[SecurityGroup] = SecurityGroups{}
