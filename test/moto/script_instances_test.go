package moto

import (
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// instanceProfiles are the profiles of EC2 instances.
func (s *script) instanceProfiles() {
	c := s.c.IAM
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	name, none, path := p("machines"), p("none"), p("/berth/shop-dev/shop/")
	try(s, aside, c.CreateRole, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: &trust}, nil)
	in := &iam.CreateInstanceProfileInput{InstanceProfileName: name, Path: path}
	try(s, success, c.CreateInstanceProfile, in, func(o *iam.CreateInstanceProfileOutput) []any {
		return []any{o.InstanceProfile.Arn, o.InstanceProfile.Path, len(o.InstanceProfile.Roles)}
	})
	try(s, duplicate, c.CreateInstanceProfile, in, nil)
	s.pause()
	add := &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name}
	try(s, success, c.AddRoleToInstanceProfile, add, nil)
	try(s, duplicate, c.AddRoleToInstanceProfile, add, nil)
	try(s, notFound, c.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: none, RoleName: name}, nil)
	seen := func(o *iam.GetInstanceProfileOutput) []any {
		return []any{o.InstanceProfile.Arn, o.InstanceProfile.InstanceProfileName, first(o.InstanceProfile.Roles).RoleName}
	}
	try(s, success, c.GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: name}, seen)
	try(s, notFound, c.GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: none}, seen)
	listed := func(o *iam.ListInstanceProfilesOutput) []any {
		return []any{len(o.InstanceProfiles), first(o.InstanceProfiles).InstanceProfileName}
	}
	try(s, success, c.ListInstanceProfiles, &iam.ListInstanceProfilesInput{PathPrefix: p("/berth/shop-dev/")}, listed)
	try(s, notFound, c.ListInstanceProfiles, &iam.ListInstanceProfilesInput{PathPrefix: p("/berth/none/")},
		func(o *iam.ListInstanceProfilesOutput) []any { return []any{len(o.InstanceProfiles)} })
	try(s, dependency, c.DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: name}, nil)
	remove := &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: name}
	try(s, success, c.RemoveRoleFromInstanceProfile, remove, nil)
	try(s, notFound, c.RemoveRoleFromInstanceProfile, remove, nil)
	try(s, success, c.DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: name}, nil)
	s.pause()
	try(s, notFound, c.DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: none}, nil)
	try(s, aside, c.DeleteRole, &iam.DeleteRoleInput{RoleName: name}, nil)
}

// launchTemplates are what the instances of Auto Scaling groups begin with.
func (s *script) launchTemplates() {
	c := s.c.EC2
	data := &types.RequestLaunchTemplateData{ImageId: p("ami-0123456789abcdef0"), UserData: p("IyEvYmluL2Jhc2gK")}
	in := &ec2.CreateLaunchTemplateInput{LaunchTemplateName: p("machines"), LaunchTemplateData: data, TagSpecifications: tags(types.ResourceTypeLaunchTemplate)}
	made := try(s, success, c.CreateLaunchTemplate, in, func(o *ec2.CreateLaunchTemplateOutput) []any {
		return []any{o.LaunchTemplate.LaunchTemplateName, o.LaunchTemplate.LatestVersionNumber}
	})
	try(s, duplicate, c.CreateLaunchTemplate, in, nil)
	try(s, dependency, c.CreateLaunchTemplate, &ec2.CreateLaunchTemplateInput{LaunchTemplateName: p("x"), LaunchTemplateData: data}, nil)
	id, none := s.name("lt", made.LaunchTemplate.LaunchTemplateId), p("lt-0123456789abcdef0")
	next := &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: id, LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: p("ami-0123456789abcdef1")}, ClientToken: p("one")}
	number := func(o *ec2.CreateLaunchTemplateVersionOutput) []any {
		return []any{o.LaunchTemplateVersion.VersionNumber}
	}
	try(s, success, c.CreateLaunchTemplateVersion, next, number)
	try(s, duplicate, c.CreateLaunchTemplateVersion, next, number)
	try(s, dependency, c.CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: none, LaunchTemplateData: data}, nil)
	listed := func(o *ec2.DescribeLaunchTemplatesOutput) []any {
		return []any{len(o.LaunchTemplates), first(o.LaunchTemplates).LaunchTemplateName}
	}
	try(s, success, c.DescribeLaunchTemplates, &ec2.DescribeLaunchTemplatesInput{Filters: where("tag:berth:owner", "env/a")}, listed)
	try(s, notFound, c.DescribeLaunchTemplates, &ec2.DescribeLaunchTemplatesInput{Filters: where("launch-template-name", "none")}, listed)
	versions := func(o *ec2.DescribeLaunchTemplateVersionsOutput) []any {
		v := first(o.LaunchTemplateVersions)
		return []any{len(o.LaunchTemplateVersions), v.VersionNumber, v.LaunchTemplateData.ImageId, v.LaunchTemplateData.UserData}
	}
	try(s, success, c.DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: id, Versions: []string{"1"}}, versions)
	try(s, notFound, c.DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: none, Versions: []string{"1"}}, versions)
	try(s, success, c.DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateId: id}, nil)
	try(s, notFound, c.DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateId: none}, nil)

	groups := func(o *autoscaling.DescribeAutoScalingGroupsOutput) []any { return []any{len(o.AutoScalingGroups)} }
	try(s, success, s.c.Groups.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{}, groups)
	try(s, notFound, s.c.Groups.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{
		Filters: []scaling.Filter{{Name: p("tag:berth:owner"), Values: []string{"env/none"}}},
	}, groups)
}
