package iam

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/roles"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// List implements engine.Type: it makes one call per environment, because the
// paths of its stacks are below its own. It reads policies and the boundary, which
// lists do not show, only if q is deep or a role's creation was interrupted: what
// that role lacks must be seen. If no role is desired, because the file names all
// of them, the caller needs no permission to list roles.
func (t Roles) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	var below []types.Role
	seen := map[string]bool{}
	for _, o := range q.Owners {
		if seen[o.Environment] {
			continue
		}
		seen[o.Environment] = true
		found, err := roles.Below(ctx, q, t.API, o.Environment)
		if len(q.Wanted) == 0 && engine.ClassOf(err) == engine.Denied {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		below = append(below, found...)
	}
	below = slices.DeleteFunc(below, func(r types.Role) bool { return !t.isOf(q.Owners, aws.ToString(r.RoleName)) })
	objects := make([]engine.Object, len(below))
	err := concurrent.Each(below, func(i int, r types.Role) (err error) {
		objects[i], err = t.object(ctx, q, r)
		return gone(err)
	})
	if err != nil {
		return nil, err
	}
	kept := objects[:0]
	for _, l := range objects {
		if l.ID != "" {
			kept = append(kept, l)
		}
	}
	return kept, nil
}

// Serving says whether the owners have a role that a service of AWS assumes. What needs such
// a role is made after it and deleted before it: without one there is none.
func (t Roles) Serving(principal string) func(context.Context, engine.Query) (bool, error) {
	return func(ctx context.Context, q engine.Query) (bool, error) {
		for _, o := range q.Owners {
			if found, err := t.serving(ctx, q, o.Environment, principal); err != nil || found {
				return found, err
			}
		}
		return false, nil
	}
}

// serving is Serving of an environment. For a caller that may not list roles it is true if
// nothing may be missed.
func (t Roles) serving(ctx context.Context, q engine.Query, environment, principal string) (bool, error) {
	found, err := roles.Below(ctx, q, t.API, environment)
	if engine.ClassOf(err) == engine.Denied {
		return q.Whole, nil
	}
	return slices.ContainsFunc(found, func(r types.Role) bool {
		service, _ := trustShown(aws.ToString(r.AssumeRolePolicyDocument))
		return service == principal
	}), err
}

// isOf says whether berth would give a name to a role of one of the owners in
// this region: IAM has no regions, and the same project may be in several.
func (t Roles) isOf(owners []engine.Owner, name string) bool {
	return slices.ContainsFunc(owners, func(o engine.Owner) bool { return naming.HasMark(name, o, t.Region) })
}

// object returns a role as an engine.Object, without an ID if it belongs to
// none of the queried owners. The path alone does not make a role berth's: if
// the description was overwritten, the tags must carry the mark.
func (t Roles) object(ctx context.Context, q engine.Query, r types.Role) (engine.Object, error) {
	name := aws.ToString(r.RoleName)
	l := engine.Object{ID: name, State: engine.StateReady, Outputs: map[string]string{"arn": aws.ToString(r.Arn)}}
	mark, marked := engine.ParseMark(aws.ToString(r.Description))
	if marked && !q.Has(mark.Address.Owner) {
		return engine.Object{}, nil
	}
	whole := q.Deep || mark.LastApplied == ""
	var full *types.Role
	if !marked || whole {
		var err error
		if full, err = t.read(ctx, name); err != nil {
			return engine.Object{}, err
		}
		l.Tags = tagMap(full.Tags)
	}
	if !marked {
		tagged, ok := engine.MarkOf(l.Tags)
		if !ok || !q.Has(tagged.Address.Owner) {
			return engine.Object{}, nil
		}
		mark.Address = tagged.Address
	}
	l.Address, l.LastApplied = mark.Address, mark.LastApplied
	if r.CreateDate != nil {
		l.Created = *r.CreateDate
	}
	role := Role{Name: name, Path: aws.ToString(r.Path)}
	role.Service, role.Source = trustShown(aws.ToString(r.AssumeRolePolicyDocument))
	if !whole {
		l.Attrs = engine.Shown(role, attrBoundary, "managed", "inline", "statements")
		return l, nil
	}
	role.Boundary = boundaryOf(full)
	var err error
	if role.Managed, err = t.attached(ctx, name); err != nil {
		return engine.Object{}, err
	}
	docs, err := t.inline(ctx, name, wantedInline(q, mark.Address))
	if err != nil {
		return engine.Object{}, err
	}
	role.showPolicies(docs)
	l.Attrs = engine.Shown(role)
	return l, nil
}

// wantedInline returns the desired policies of the role at an address.
func wantedInline(q engine.Query, a engine.Address) map[string]string {
	for _, w := range q.Wanted {
		if role, ok := w.Resource.(Role); ok && w.Address == a {
			return role.Inline
		}
	}
	return nil
}

// read returns a role with its tags and its boundary, which lists do not show.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
func (t Roles) read(ctx context.Context, name string) (*types.Role, error) {
	out, err := t.API.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	if err != nil {
		return nil, fmt.Errorf("reading role %s: %w", name, err)
	}
	return out.Role, nil
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

func tagMap(list []types.Tag) map[string]string {
	return gate.TagMap(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

// setTags gives a role the wanted tags; with a nil have it reads the present
// ones first.
func (t Roles) setTags(ctx context.Context, name string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: "role " + name,
		Read: func(ctx context.Context) (map[string]string, error) {
			role, err := t.read(ctx, name)
			if err != nil {
				return nil, err
			}
			return tagMap(role.Tags), nil
		},
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.TagRole(ctx, &iam.TagRoleInput{RoleName: &name, Tags: tagsOf(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := t.API.UntagRole(ctx, &iam.UntagRoleInput{RoleName: &name, TagKeys: keys})
			if gate.IsNotFound(err) {
				return nil
			}
			return err
		},
	}, have, want)
}
