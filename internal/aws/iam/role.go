package iam

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Role is a role that an AWS service assumes, with its policies. Roles are
// found by their path, which names the owner, and have their mark in the
// description, because listing roles shows no tags. Outputs: id (the name),
// arn.
type Role struct {
	// Name is unique in the account; Path is /berth/ENVIRONMENT/ or
	// /berth/ENVIRONMENT/PROJECT/.
	Name string `attr:"name,replace,own"`
	Path string `attr:"path,replace"`
	// Service is the principal that assumes it, such as
	// ecs-tasks.amazonaws.com.
	Service string `attr:"service"`
	// Source limits on whose behalf the service may assume the role, as an ARN
	// with a wildcard for the resource: arn:aws:ecs:REGION:ACCOUNT:*. Empty
	// sets no limit.
	Source string `attr:"source"`
	// Boundary is the ARN of the role's permissions boundary. Empty keeps a
	// boundary that somebody else has set.
	Boundary string `attr:"boundary,silent"`
	// Managed are the ARNs of attached policies.
	Managed []string `attr:"managed,set"`
	// Inline are the role's own policies: name to JSON document. Two documents
	// that mean the same are equal, even if they are written differently.
	Inline map[string]string `attr:"inline"`
	// Statements are permissions for objects of the graph. They become a
	// separate inline policy, "berth".
	Statements []Statement `attr:"statements"`
}

// Type implements engine.Resource.
func (Role) Type() string { return "iam.role" }

// Roles is the type of Role.
type Roles struct {
	API *iam.Client
	// Region is part of the names of roles.
	Region string
}

// Spec implements engine.Type. A new role can be assumed after 7 to 9 s; a call
// that needs it earlier fails with NotYet and is repeated, so nothing waits
// here.
func (Roles) Spec() engine.Spec {
	return engine.Spec{Name: Role{}.Type(), Identity: engine.UniqueName, ReadyIn: 8 * time.Second}
}

// Create implements engine.Type. With policies it takes several calls; the
// complete mark is written into the description last, so that a role whose
// policies are missing is recognised.
func (t Roles) Create(ctx context.Context, w engine.Desired[Role]) (engine.Object, error) {
	mark := w.Mark()
	single := len(w.Want.Managed)+len(w.Want.Inline)+len(w.Want.Statements) == 0
	if !single {
		mark.LastApplied = ""
	}
	out, err := t.API.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(w.Want.Name), Path: aws.String(w.Want.Path), Description: aws.String(mark.String()),
		AssumeRolePolicyDocument: aws.String(trustOf(w.Want.Service, w.Want.Source)), Tags: tagsOf(w.Tags),
		PermissionsBoundary: gate.Optional(w.Want.Boundary),
	})
	if gate.IsExists(err) {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating role %s: %w", w.Want.Name, err)
	}
	if !single {
		if err := t.attachPolicies(gate.JustMade(ctx), w); err != nil {
			return engine.Object{}, gate.Half(err)
		}
	}
	return engine.AsDesired(w, w.Want.Name, map[string]string{"arn": aws.ToString(out.Role.Arn)}), nil
}

// attachPolicies gives a new role its policies and then its complete mark.
func (t Roles) attachPolicies(ctx context.Context, w engine.Desired[Role]) error {
	if err := t.attach(ctx, w.Want.Name, w.Want.Managed); err != nil {
		return err
	}
	if err := t.putInline(ctx, w.Want.Name, w.Want.ownPolicies()); err != nil {
		return err
	}
	return t.describe(ctx, w.Want.Name, w.Mark())
}

// take uses an existing role of the name: the desired state's own, after an interrupted
// creation, or one that the user adopts. A role cannot move to another path, and outside
// its owner's path it would never be found again.
func (t Roles) take(ctx context.Context, w engine.Desired[Role]) (engine.Object, error) {
	got, err := t.API.GetRole(gate.JustMade(ctx), &iam.GetRoleInput{RoleName: aws.String(w.Want.Name)})
	if err != nil {
		return engine.Object{}, fmt.Errorf("reading role %s: %w", w.Want.Name, err)
	}
	tags, arn := tagMap(got.Role.Tags), aws.ToString(got.Role.Arn)
	mark, ok := engine.ParseMark(aws.ToString(got.Role.Description))
	if !ok {
		mark, _ = engine.MarkOf(tags)
	}
	if err := w.Claim(mark, w.Want.Name, arn); err != nil {
		return engine.Object{}, err
	}
	if path := aws.ToString(got.Role.Path); path != w.Want.Path {
		return engine.Object{}, fmt.Errorf("role %s has the path %s and cannot be moved to %s: delete it first",
			w.Want.Name, path, w.Want.Path)
	}
	object := engine.Object{ID: w.Want.Name, Outputs: map[string]string{"arn": arn}, Tags: tags}
	changed := []string{"service", "managed", "inline", "statements"}
	if w.Want.Boundary != "" {
		changed = append(changed, attrBoundary)
	}
	return t.Update(ctx, w, object, changed)
}

// Update implements engine.Type. It sets the boundary first: a caller who may
// only write policies for bounded roles needs it in place. It writes the
// description last, so that an interrupted update is planned again.
func (t Roles) Update(ctx context.Context, w engine.Desired[Role], object engine.Object, changed []string) (engine.Object, error) {
	written := false
	if slices.Contains(changed, attrBoundary) {
		if err := t.setBoundary(ctx, w.Want.Name, w.Want.Boundary); err != nil {
			return object, err
		}
	}
	for _, name := range changed {
		var err error
		switch name {
		case "service", "source":
			err = t.setTrust(ctx, w.Want)
		case "managed":
			err = t.setManaged(ctx, w.Want.Name, w.Want.Managed)
		case "inline", "statements":
			if !written {
				err = t.setInline(ctx, w.Want.Name, w.Want.ownPolicies())
			}
			written = true
		}
		if err != nil {
			return object, err
		}
	}
	if err := t.setTags(ctx, w.Want.Name, object.Tags, w.Tags); err != nil {
		return object, err
	}
	if err := t.describe(ctx, w.Want.Name, w.Mark()); err != nil {
		return object, err
	}
	return engine.AsDesired(w, w.Want.Name, object.Outputs), nil
}

// describe writes a mark into a role's description.
func (t Roles) describe(ctx context.Context, name string, m engine.Mark) error {
	_, err := t.API.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: aws.String(name), Description: aws.String(m.String())})
	if err != nil {
		return fmt.Errorf("describing role %s: %w", name, err)
	}
	return nil
}

func (t Roles) setTrust(ctx context.Context, want Role) error {
	_, err := t.API.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
		RoleName: aws.String(want.Name), PolicyDocument: aws.String(trustOf(want.Service, want.Source)),
	})
	if err != nil {
		return fmt.Errorf("setting who may assume role %s: %w", want.Name, err)
	}
	return nil
}

// Delete implements engine.Type. IAM only deletes a role without policies. Most
// of berth's roles have none, so Delete tries that first unless the mark says
// that there are policies. Before it removes policies it writes a mark that says
// the role is incomplete: after an interrupted deletion the next run may want the
// role, and lists show no policies.
func (t Roles) Delete(ctx context.Context, object engine.Object) error {
	if !slices.ContainsFunc([]string{"managed", "inline", "statements"}, object.LastAppliedPart) {
		err := t.deleteRole(ctx, object.ID)
		if gate.Code(err) != "DeleteConflict" {
			return err
		}
	}
	if err := t.describe(ctx, object.ID, engine.Mark{Address: object.Address}); err != nil {
		return gone(err)
	}
	if err := t.setManaged(ctx, object.ID, nil); err != nil {
		return gone(err)
	}
	if err := t.setInline(ctx, object.ID, nil); err != nil {
		return gone(err)
	}
	return t.deleteRole(ctx, object.ID)
}

func (t Roles) deleteRole(ctx context.Context, name string) error {
	_, err := t.API.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(name)})
	if err := gone(err); err != nil {
		return fmt.Errorf("deleting role %s: %w", name, err)
	}
	return nil
}

// gone drops the error that the object does not exist.
func gone(err error) error {
	if gate.IsNotFound(err) {
		return nil
	}
	return err
}

var _ engine.Type[Role] = Roles{}
