package iam

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/aws/call"
	"github.com/berthdev/berth/internal/engine"
)

// Role is a role that an AWS service assumes, with its policies. Roles are
// found by their path, which names the owner, and carry what berth asked for
// in their description, because listing roles shows no tags. Outputs: id (the
// name), arn.
type Role struct {
	// Name is unique in the account; Path is /berth/ENVIRONMENT/ or
	// /berth/ENVIRONMENT/PROJECT/.
	Name string `attr:"name,replace"`
	Path string `attr:"path,replace"`
	// Service is the principal that assumes it, as in ecs-tasks.amazonaws.com.
	Service string `attr:"service"`
	// Managed are the ARNs of attached policies.
	Managed []string `attr:"managed,set"`
	// Inline are the role's own policies: name to JSON document.
	Inline map[string]string `attr:"inline"`
}

// Type implements engine.Resource.
func (Role) Type() string { return "iam.role" }

// Roles is the type of Role.
type Roles struct{ API *iam.Client }

// Spec implements engine.Type. A role is not assumable for seconds after its
// creation; whoever needs it earlier gets NotYet and tries again, so nothing
// waits here.
func (Roles) Spec() engine.Spec {
	return engine.Spec{Name: Role{}.Type(), Identity: engine.UniqueName, Untagged: false}
}

// Create implements engine.Type. What was asked for is written into the
// description last, so that a role whose policies are missing is recognised.
func (t Roles) Create(ctx context.Context, w engine.Wish[Role]) (engine.Live, error) {
	single := len(w.Want.Managed)+len(w.Want.Inline) == 0
	out, err := t.API.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(w.Want.Name), Path: aws.String(w.Want.Path),
		Description:              aws.String(markOf(w, single).String()),
		AssumeRolePolicyDocument: aws.String(trustOf(w.Want.Service)), Tags: tagsOf(w.Tags),
	})
	var role *types.Role
	made := err == nil
	switch {
	case made:
		role = out.Role
	case call.IsExists(err):
		if role, err = t.existing(ctx, w); err != nil {
			return engine.Live{}, err
		}
		single = false
	default:
		return engine.Live{}, fmt.Errorf("creating role %s: %w", w.Want.Name, err)
	}
	live := engine.AsWished(w, w.Want.Name, map[string]string{"id": w.Want.Name, "arn": aws.ToString(role.Arn)})
	if single {
		return live, nil
	}
	if made {
		return t.furnish(call.JustMade(ctx), w, live)
	}
	return t.complete(ctx, w, live)
}

// furnish gives a new role its policies.
func (t Roles) furnish(ctx context.Context, w engine.Wish[Role], live engine.Live) (engine.Live, error) {
	err := t.attach(ctx, w.Want.Name, w.Want.Managed)
	if err == nil {
		err = t.putInline(ctx, w.Want.Name, w.Want.Inline)
	}
	if err != nil {
		return live, err
	}
	return t.record(ctx, w, live)
}

// existing is the role of the wish's name if it is the wish's, or may be
// adopted. Its path cannot be changed, so one elsewhere is never taken over.
func (t Roles) existing(ctx context.Context, w engine.Wish[Role]) (*types.Role, error) {
	got, err := t.API.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(w.Want.Name)})
	if err != nil {
		return nil, fmt.Errorf("reading role %s: %w", w.Want.Name, err)
	}
	mark, _ := engine.ParseMark(aws.ToString(got.Role.Description))
	if aws.ToString(got.Role.Path) != w.Want.Path {
		w.Adopt = false
	}
	return got.Role, w.Claim(mark, w.Want.Name, aws.ToString(got.Role.Arn))
}

// markOf is the description of a role. Without asked it says that the role is
// not complete yet.
func markOf(w engine.Wish[Role], complete bool) engine.Mark {
	m := w.Mark()
	if !complete {
		m.Asked = ""
	}
	return m
}

// complete sets the policies and then writes down what was asked for.
func (t Roles) complete(ctx context.Context, w engine.Wish[Role], live engine.Live) (engine.Live, error) {
	err := t.setManaged(ctx, w.Want.Name, w.Want.Managed)
	if err == nil {
		err = t.setInline(ctx, w.Want.Name, w.Want.Inline)
	}
	if err != nil {
		return live, err
	}
	return t.record(ctx, w, live)
}

func (t Roles) record(ctx context.Context, w engine.Wish[Role], live engine.Live) (engine.Live, error) {
	_, err := t.API.UpdateRole(ctx, &iam.UpdateRoleInput{
		RoleName: aws.String(w.Want.Name), Description: aws.String(markOf(w, true).String()),
	})
	if err != nil {
		return live, fmt.Errorf("describing role %s: %w", w.Want.Name, err)
	}
	live.Asked = w.Tags[engine.TagAsked]
	return live, nil
}

// Update implements engine.Type.
func (t Roles) Update(ctx context.Context, w engine.Wish[Role], live engine.Live, changed []string) (engine.Live, error) {
	if live.Asked == "" || slices.Contains(changed, engine.AttrTags) {
		if _, err := t.API.TagRole(ctx, &iam.TagRoleInput{RoleName: aws.String(w.Want.Name), Tags: tagsOf(w.Tags)}); err != nil {
			return live, fmt.Errorf("tagging role %s: %w", w.Want.Name, err)
		}
	}
	if live.Asked == "" { // its creation was cut short
		return t.complete(ctx, w, live)
	}
	for _, name := range changed {
		var err error
		switch name {
		case "service":
			err = t.setTrust(ctx, w.Want)
		case "managed":
			err = t.setManaged(ctx, w.Want.Name, w.Want.Managed)
		case "inline":
			err = t.setInline(ctx, w.Want.Name, w.Want.Inline)
		}
		if err != nil {
			return live, err
		}
	}
	return t.record(ctx, w, live)
}

func (t Roles) setTrust(ctx context.Context, want Role) error {
	_, err := t.API.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
		RoleName: aws.String(want.Name), PolicyDocument: aws.String(trustOf(want.Service)),
	})
	if err != nil {
		return fmt.Errorf("setting who may assume role %s: %w", want.Name, err)
	}
	return nil
}

// Delete implements engine.Type: a role can go only without its policies.
func (t Roles) Delete(ctx context.Context, live engine.Live) error {
	err := t.setManaged(ctx, live.ID, nil)
	if err == nil {
		err = t.setInline(ctx, live.ID, nil)
	}
	if err == nil {
		_, err = t.API.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(live.ID)})
	}
	if err != nil && !call.IsNotFound(err) {
		return fmt.Errorf("deleting role %s: %w", live.ID, err)
	}
	return nil
}

var _ engine.Type[Role] = Roles{}

// gone makes an error that says 'not found' no error: between a list and a
// look at a role it may have been deleted.
func gone(err error) error {
	if call.IsNotFound(err) {
		return nil
	}
	return err
}
