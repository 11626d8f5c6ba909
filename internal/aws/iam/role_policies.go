package iam

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/gate"
)

// attached returns the ARNs of the policies that are attached to a role.
func (t Roles) attached(ctx context.Context, role string) ([]string, error) {
	var arns []string
	pages := iam.NewListAttachedRolePoliciesPaginator(t.API, &iam.ListAttachedRolePoliciesInput{RoleName: &role})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the attached policies of role %s: %w", role, err)
		}
		for _, p := range page.AttachedPolicies {
			arns = append(arns, aws.ToString(p.PolicyArn))
		}
	}
	return arns, nil
}

// setManaged attaches and detaches until the role has exactly these policies.
func (t Roles) setManaged(ctx context.Context, role string, want []string) error {
	have, err := t.attached(ctx, role)
	if err != nil {
		return err
	}
	for _, arn := range have {
		if slices.Contains(want, arn) {
			continue
		}
		_, err := t.API.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: &role, PolicyArn: aws.String(arn)})
		if err != nil && !gate.IsNotFound(err) {
			return fmt.Errorf("detaching %s from role %s: %w", arn, role, err)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(want), func(arn string) bool { return slices.Contains(have, arn) })
	return t.attach(ctx, role, missing)
}

func (t Roles) attach(ctx context.Context, role string, arns []string) error {
	for _, arn := range arns {
		_, err := t.API.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: &role, PolicyArn: aws.String(arn)})
		if err != nil {
			return fmt.Errorf("attaching %s to role %s: %w", arn, role, err)
		}
	}
	return nil
}

func (t Roles) inlineNames(ctx context.Context, role string) ([]string, error) {
	var names []string
	pages := iam.NewListRolePoliciesPaginator(t.API, &iam.ListRolePoliciesInput{RoleName: &role})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the policies of role %s: %w", role, err)
		}
		names = append(names, page.PolicyNames...)
	}
	return names, nil
}

// inline reads a role's own policies. If a document means the same as the
// desired one, it is shown as the desired text, so that only meanings are
// compared.
func (t Roles) inline(ctx context.Context, role string, want map[string]string) (map[string]string, error) {
	names, err := t.inlineNames(ctx, role)
	if err != nil {
		return nil, err
	}
	docs := map[string]string{}
	for _, name := range names {
		out, err := t.API.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: aws.String(name)})
		if gate.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading policy %s of role %s: %w", name, role, err)
		}
		doc := decode(aws.ToString(out.PolicyDocument))
		if spelled, ok := want[name]; ok && canonical(spelled) == canonical(doc) {
			doc = spelled
		}
		docs[name] = doc
	}
	return docs, nil
}

// setInline writes the wanted policies and deletes all others.
func (t Roles) setInline(ctx context.Context, role string, want map[string]string) error {
	names, err := t.inlineNames(ctx, role)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, wanted := want[name]; wanted {
			continue
		}
		_, err := t.API.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &role, PolicyName: aws.String(name)})
		if err != nil && !gate.IsNotFound(err) {
			return fmt.Errorf("deleting policy %s of role %s: %w", name, role, err)
		}
	}
	return t.putInline(ctx, role, want)
}

func (t Roles) putInline(ctx context.Context, role string, docs map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		_, err := t.API.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
			RoleName: &role, PolicyName: aws.String(name), PolicyDocument: aws.String(docs[name]),
		})
		if err != nil {
			return fmt.Errorf("writing policy %s of role %s: %w", name, role, err)
		}
	}
	return nil
}
