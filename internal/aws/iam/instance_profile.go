package iam

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/roles"
	"github.com/berthdev/berth/internal/engine"
)

// InstancesPrincipal is the service that assumes the roles of instance profiles.
const InstancesPrincipal = "ec2.amazonaws.com"

// InstanceProfile gives EC2 instances a role. A stack has at most one: IAM shows no mark
// in a list, and the path and name say whose it is. Outputs: id (the name), arn.
type InstanceProfile struct {
	Name string `attr:"name,replace,own"`
	Path string `attr:"path,replace"`
	// Role is the name of its role.
	Role engine.Ref `attr:"role"`
}

// Type implements engine.Resource.
func (InstanceProfile) Type() string { return "iam.instance-profile" }

// ProfileName is the name of every instance profile's address.
const ProfileName = "instances"

// InstanceProfiles is the type of InstanceProfile.
type InstanceProfiles struct{ Roles Roles }

// Spec implements engine.Type. Instances can use a new profile after some seconds; a call
// that needs it earlier is repeated.
func (InstanceProfiles) Spec() engine.Spec {
	return engine.Spec{Name: InstanceProfile{}.Type(), Identity: engine.UniqueName, Untagged: true, ReadyIn: 8 * time.Second}
}

// List implements engine.Type. It makes no call for environments without a role for
// instances, unless a run may have died before the profile got its role.
func (t InstanceProfiles) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	var objects []engine.Object
	seen := map[string]bool{}
	for _, o := range q.Owners {
		if seen[o.Environment] {
			continue
		}
		seen[o.Environment] = true
		found, err := t.below(ctx, q, o.Environment)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			for _, owner := range q.Owners {
				if t.Roles.isOf([]engine.Owner{owner}, aws.ToString(p.InstanceProfileName)) {
					objects = append(objects, profileObject(owner, p))
				}
			}
		}
	}
	return objects, nil
}

func (t InstanceProfiles) below(ctx context.Context, q engine.Query, environment string) ([]types.InstanceProfile, error) {
	if len(q.Wanted) == 0 {
		if may, err := t.Roles.serving(ctx, q, environment, InstancesPrincipal); err != nil || !may {
			return nil, err
		}
	}
	var all []types.InstanceProfile
	pages := iam.NewListInstanceProfilesPaginator(t.Roles.API, &iam.ListInstanceProfilesInput{PathPrefix: aws.String(roles.Path(environment))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if engine.ClassOf(err) == engine.Denied && len(q.Wanted) == 0 {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing instance profiles: %w", err)
		}
		for _, p := range page.InstanceProfiles {
			if strings.HasPrefix(aws.ToString(p.Path), roles.Path(environment)) {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

func profileObject(owner engine.Owner, p types.InstanceProfile) engine.Object {
	shown := InstanceProfile{Name: aws.ToString(p.InstanceProfileName), Path: aws.ToString(p.Path)}
	for _, r := range p.Roles {
		shown.Role = engine.Lit(aws.ToString(r.RoleName))
	}
	return engine.Object{
		Address: engine.Address{Owner: owner, Type: shown.Type(), Name: ProfileName}, ID: shown.Name, State: engine.StateReady,
		Outputs: map[string]string{"arn": aws.ToString(p.Arn)}, Attrs: engine.Shown(shown), Created: aws.ToTime(p.CreateDate),
	}
}

// Create implements engine.Type.
func (t InstanceProfiles) Create(ctx context.Context, w engine.Desired[InstanceProfile]) (engine.Object, error) {
	out, err := t.Roles.API.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{
		InstanceProfileName: &w.Want.Name, Path: &w.Want.Path, Tags: tagsOf(w.Tags),
	})
	if gate.IsExists(err) {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating instance profile %s: %w", w.Want.Name, err)
	}
	return t.fill(gate.JustMade(ctx), w, *out.InstanceProfile)
}

// take uses a profile of the name that the same owner has made.
func (t InstanceProfiles) take(ctx context.Context, w engine.Desired[InstanceProfile]) (engine.Object, error) {
	got, err := t.Roles.API.GetInstanceProfile(gate.JustMade(ctx), &iam.GetInstanceProfileInput{InstanceProfileName: &w.Want.Name})
	if err != nil {
		return engine.Object{}, fmt.Errorf("reading instance profile %s: %w", w.Want.Name, err)
	}
	p := got.InstanceProfile
	mark, _ := engine.MarkOf(tagMap(p.Tags))
	if err := w.Claim(mark, w.Want.Name, aws.ToString(p.Arn)); err != nil {
		return engine.Object{}, err
	}
	return t.fill(ctx, w, *p)
}

// fill gives a profile its role, which takes the place of another one.
func (t InstanceProfiles) fill(ctx context.Context, w engine.Desired[InstanceProfile], p types.InstanceProfile) (engine.Object, error) {
	role, has := w.Want.Role.Value(), false
	for _, r := range p.Roles {
		if has = aws.ToString(r.RoleName) == role; !has {
			if err := t.empty(ctx, w.Want.Name, r); err != nil {
				return engine.Object{}, err
			}
		}
	}
	if !has {
		_, err := t.Roles.API.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &w.Want.Name, RoleName: &role})
		if err != nil {
			return engine.Object{}, gate.Half(fmt.Errorf("giving instance profile %s its role: %w", w.Want.Name, err))
		}
	}
	return engine.AsDesired(w, w.Want.Name, map[string]string{"arn": aws.ToString(p.Arn)}), nil
}

func (t InstanceProfiles) empty(ctx context.Context, name string, r types.Role) error {
	_, err := t.Roles.API.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: &name, RoleName: r.RoleName})
	if err := gone(err); err != nil {
		return fmt.Errorf("taking its role from instance profile %s: %w", name, err)
	}
	return nil
}

// Update implements engine.Type.
func (t InstanceProfiles) Update(ctx context.Context, w engine.Desired[InstanceProfile], object engine.Object, changed []string) (engine.Object, error) {
	if len(changed) == 0 {
		return engine.AsDesired(w, object.ID, object.Outputs), nil
	}
	return t.take(ctx, w)
}

// Delete implements engine.Type. IAM deletes only a profile without a role.
func (t InstanceProfiles) Delete(ctx context.Context, object engine.Object) error {
	got, err := t.Roles.API.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: &object.ID})
	if gate.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading instance profile %s: %w", object.ID, err)
	}
	if !strings.HasPrefix(aws.ToString(got.InstanceProfile.Path), roles.Path(object.Address.Owner.Environment)) {
		return nil // it is another one of the name
	}
	for _, r := range got.InstanceProfile.Roles {
		if err := t.empty(ctx, object.ID, r); err != nil {
			return err
		}
	}
	_, err = t.Roles.API.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: &object.ID})
	if err := gone(err); err != nil {
		return fmt.Errorf("deleting instance profile %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[InstanceProfile] = InstanceProfiles{}
