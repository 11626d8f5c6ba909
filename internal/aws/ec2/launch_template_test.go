package ec2_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLaunchTemplateLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: templateKinds,
		Life:  templateLife, OnMoto: templateLifeOnMoto,
		Ground: func(*testing.T, aws.Config, clock.Clock) []*engine.Graph {
			return []*engine.Graph{templates("ami-0123456789abcdef0", nil), templates("ami-0123456789abcdef1", map[string]string{"team": "a"})}
		},
	})
}

// templateLifeOnMoto has no change: moto leaves the tags of a template as they are.
func templateLifeOnMoto(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, templateKinds)
	g := templates("ami-0123456789abcdef0", nil)
	d.Up(g, false)
	d.MustPlan("", g, true)
	if err := d.Blind(g, nil); err != nil {
		t.Error(err)
	}
	d.Down()
}

func templateKinds(cfg aws.Config) []engine.AnyType {
	return []engine.AnyType{engine.Erase(ec2.LaunchTemplates{API: sdk.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg)})}
}

func templates(image string, labels map[string]string) *engine.Graph {
	g := engine.NewGraph()
	g.Add(typetest.Stack, "web", ec2.LaunchTemplate{
		Name: "berth-ec2-web", Image: image, Profile: engine.Lit("arn:aws:iam::123456789012:instance-profile/machines"), SecurityGroups: engine.Lits("sg-1"),
		UserData: "#!/bin/bash\necho 'ECS_CLUSTER=shop'\n", DiskGiB: 30, Metadata: ec2.OnlyIMDSv2, InstanceTags: map[string]string{"Name": "web"},
	}).Label(labels)
	return g
}

// templateLife takes a launch template through its whole life.
func templateLife(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, templateKinds)
	first := templates("ami-0123456789abcdef0", map[string]string{"team": "a"})
	d.Up(first, false)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	d.MustPlan("", first, true)
	second := templates("ami-0123456789abcdef1", nil)
	d.MustPlan("update ec2.launch-template/web (image edited, tags.team edited)", second, false)
	d.Up(second, false)
	d.MustPlan("", second, true)

	// Somebody adds a version without the limits of the metadata.
	api := sdk.NewFromConfig(cfg)
	found, err := api.DescribeLaunchTemplates(t.Context(), &sdk.DescribeLaunchTemplatesInput{
		Filters: []types.Filter{{Name: aws.String("launch-template-name"), Values: []string{"berth-ec2-web"}}},
	})
	if err != nil || len(found.LaunchTemplates) != 1 || *found.LaunchTemplates[0].LatestVersionNumber != 2 {
		t.Fatalf("the launch templates are %v (%v), want one with two versions", found, err)
	}
	_, err = api.CreateLaunchTemplateVersion(t.Context(), &sdk.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: found.LaunchTemplates[0].LaunchTemplateId, LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: aws.String("ami-0123456789abcdef1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update ec2.launch-template/web (profile changed outside berth, security_groups[] changed outside berth, "+
		"user_data changed outside berth, volume_gib changed outside berth, instance_tags.Name changed outside berth, metadata changed outside berth)", second, false)
	d.Up(second, false)
	d.MustPlan("", second, true)

	taken := engine.Desired[ec2.LaunchTemplate]{
		Address: engine.Address{Owner: typetest.Stack, Type: "ec2.launch-template", Name: "other"}, Want: ec2.LaunchTemplate{Name: "berth-ec2-web"}, Tags: map[string]string{},
	}
	var mine *engine.TakenError
	if _, err := (ec2.LaunchTemplates{API: api}).Create(t.Context(), taken); !errors.As(err, &mine) {
		t.Errorf("creating a launch template of a taken name: %v, want a *TakenError", err)
	}
	d.Down()
}
