package moto

import (
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
