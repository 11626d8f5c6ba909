package scalinggroup_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/scalinggroup"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life, NotOnMoto: "moto has no requirements of instances",
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			t.Helper()
			w := newGround(t, cfg, c)
			first := w.graph()
			w.max, w.image, w.labels = 5, "ami-0123456789abcdef1", map[string]string{"team": "a"}
			return []*engine.Graph{first, w.graph()}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	templates := ec2.LaunchTemplates{API: sdk.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg)}
	return []engine.AnyType{
		engine.Erase(templates), engine.Erase(scalinggroup.Groups{API: autoscaling.NewFromConfig(cfg), Used: templates.Used}),
	}
}

// ground is what instances need to start, and what of the graph changes.
type ground struct {
	subnet, group, image string
	max                  int
	gone                 bool
	labels               map[string]string
}

func newGround(t *testing.T, cfg aws.Config, c clock.Clock) ground {
	t.Helper()
	ctx, api, roles := t.Context(), sdk.NewFromConfig(cfg), iam.NewFromConfig(cfg)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("machines"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	must(err)
	_, err = roles.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("machines")})
	must(err)
	vpc, err := api.CreateVpc(ctx, &sdk.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")})
	must(err)
	typetest.Settle(t, cfg, c)
	_, err = roles.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: aws.String("machines"), RoleName: aws.String("machines")})
	must(err)
	subnet, err := api.CreateSubnet(ctx, &sdk.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.9.0.0/24"), AvailabilityZone: aws.String(cfg.Region + "a")})
	must(err)
	group, err := api.CreateSecurityGroup(ctx, &sdk.CreateSecurityGroupInput{VpcId: vpc.Vpc.VpcId, GroupName: aws.String("machines"), Description: aws.String("machines")})
	must(err)
	typetest.Settle(t, cfg, c)
	return ground{subnet: *subnet.Subnet.SubnetId, group: *group.GroupId, image: "ami-0123456789abcdef0", max: 3}
}

func (w ground) graph() *engine.Graph {
	g := engine.NewGraph()
	if w.gone {
		return g
	}
	template := g.Add(typetest.Stack, "web", ec2.LaunchTemplate{
		Name: "berth-ec2-web", Image: w.image, Profile: engine.Lit("arn:aws:iam::123456789012:instance-profile/machines"),
		SecurityGroups: engine.Lits(w.group), DiskGiB: 30, Metadata: ec2.OnlyIMDSv2, InstanceTags: map[string]string{"Name": "web"},
	})
	g.Add(typetest.Stack, "web", scalinggroup.Group{
		Name: "berth-ec2-web", Template: template.ID(), Version: template.Output(ec2.OutputVersion), Subnets: engine.Lits(w.subnet), Max: w.max, Protected: true,
		Instances: scalinggroup.Instances{VCPU: 2, MemoryMiB: 4096, Makers: []string{"amd", "intel"}},
	}).Label(w.labels)
	return g
}

// life takes a group through its whole life. The new version of its template is a change
// of the group, too.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	w := newGround(t, cfg, c)
	d.Up(w.graph(), false)
	if err := d.Blind(w.graph(), nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	d.MustPlan("", w.graph(), true)

	w.max, w.image, w.labels = 5, "ami-0123456789abcdef1", map[string]string{"team": "a"}
	d.MustPlan("update ec2.launch-template/web (image edited)\n"+
		"update autoscaling.group/web (template follows ec2.launch-template/web, template_version follows ec2.launch-template/web, max edited, tags.team edited)", w.graph(), false)
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)

	// Instances start and are protected; somebody changes the group.
	api := autoscaling.NewFromConfig(cfg)
	name := aws.String("berth-ec2-web")
	_, err := api.UpdateAutoScalingGroup(t.Context(), &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: name, MaxSize: aws.Int32(9), DesiredCapacity: aws.Int32(2),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update autoscaling.group/web (max changed outside berth)", w.graph(), false)
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)
	time.Sleep(5 * time.Minute)
	if have := running(t, api); have != 2 {
		t.Errorf("%d instances are in service, want 2: a change ends none", have)
	}

	taken := engine.Desired[scalinggroup.Group]{
		Address: engine.Address{Owner: typetest.Stack, Type: "autoscaling.group", Name: "other"}, Want: scalinggroup.Group{Name: *name}, Tags: map[string]string{},
	}
	var mine *engine.TakenError
	if _, err := (scalinggroup.Groups{API: api}).Create(t.Context(), taken); !errors.As(err, &mine) {
		t.Errorf("creating a group of a taken name: %v, want a *TakenError", err)
	}

	w.gone = true
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)
	if have := running(t, api); have != 0 {
		t.Errorf("%d instances are left", have)
	}
	d.Down()
}

func running(t *testing.T, api *autoscaling.Client) int {
	t.Helper()
	out, err := api.DescribeAutoScalingGroups(t.Context(), &autoscaling.DescribeAutoScalingGroupsInput{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range out.AutoScalingGroups {
		n += len(g.Instances)
	}
	return n
}
