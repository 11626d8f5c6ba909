package iam

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/roles"
	"github.com/berthdev/berth/internal/engine"
)

// ServiceLinkedRole is the role that an AWS service uses in the account. It
// belongs to the account: berth makes it if it is missing and never deletes it.
// Outputs: id (the name), arn.
type ServiceLinkedRole struct {
	// Service is the principal, such as ecs.amazonaws.com.
	Service string `attr:"service,replace"`
}

// Type implements engine.Resource.
func (ServiceLinkedRole) Type() string { return "iam.service-linked-role" }

// ServiceLinkedRoles is the type of ServiceLinkedRole.
type ServiceLinkedRoles struct{ API *iam.Client }

// servicePath begins the path of all service-linked roles.
const servicePath = "/aws-service-role/"

// Spec implements engine.Type.
func (ServiceLinkedRoles) Spec() engine.Spec {
	return engine.Spec{
		Name: ServiceLinkedRole{}.Type(), Identity: engine.UniqueName,
		Keep: "belongs to the account", KeepAlways: true, Untagged: true,
	}
}

// List implements engine.Type: it returns the desired roles that the account
// has. A teardown desires none, so it never sees them. Without the permission
// to read them they count as existing: the service that needs one makes it, or
// says that it is missing.
func (t ServiceLinkedRoles) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if len(q.Wanted) == 0 {
		return nil, nil
	}
	arns, err := t.arns(ctx)
	blind := engine.ClassOf(err) == engine.Denied
	if err != nil && !blind {
		return nil, err
	}
	var objects []engine.Object
	for _, w := range q.Wanted {
		role, ok := w.Resource.(ServiceLinkedRole)
		arn := arns[role.Service]
		if blind {
			arn = unseen(role)
		}
		if ok && arn != "" {
			objects = append(objects, linkedObject(w.Address, role, arn))
		}
	}
	return objects, nil
}

// unseen replaces the ARN of a role that the caller cannot read.
func unseen(r ServiceLinkedRole) string { return "/" + r.Service }

// arns returns the ARNs of the account's service-linked roles by service.
func (t ServiceLinkedRoles) arns(ctx context.Context) (map[string]string, error) {
	all, err := roles.List(ctx, t.API, servicePath)
	if err != nil {
		return nil, err
	}
	arns := make(map[string]string, len(all))
	for _, r := range all {
		service := strings.Trim(strings.TrimPrefix(aws.ToString(r.Path), servicePath), "/")
		arns[service] = aws.ToString(r.Arn)
	}
	return arns, nil
}

func linkedObject(a engine.Address, r ServiceLinkedRole, arn string) engine.Object {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	return engine.Object{
		Address: a, ID: name, State: engine.StateReady,
		Outputs: map[string]string{"id": name, "arn": arn}, Attrs: engine.Shown(r),
	}
}

// Create implements engine.Type. A role that exists is the desired one: there
// is one for each service. A caller without the permission to make it may still
// use it.
func (t ServiceLinkedRoles) Create(ctx context.Context, w engine.Desired[ServiceLinkedRole]) (engine.Object, error) {
	out, err := t.API.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{
		AWSServiceName: aws.String(w.Want.Service),
	})
	if err == nil {
		return linkedObject(w.Address, w.Want, aws.ToString(out.Role.Arn)), nil
	}
	// IAM answers with InvalidInput: "Service role name ... has been taken in
	// this account, please try a different suffix."
	if gate.IsExists(err) || strings.Contains(err.Error(), "has been taken in this account") {
		return linkedObject(w.Address, w.Want, unseen(w.Want)), nil
	}
	if engine.ClassOf(err) == engine.Denied {
		there, lookErr := t.List(ctx, engine.Query{Wanted: []engine.Wanted{{Address: w.Address, Resource: w.Want}}})
		if lookErr == nil && len(there) == 1 {
			return there[0], nil
		}
	}
	return engine.Object{}, fmt.Errorf("creating the service-linked role of %s: %w", w.Want.Service, err)
}

// Update implements engine.Type: nothing can change.
func (ServiceLinkedRoles) Update(_ context.Context, _ engine.Desired[ServiceLinkedRole], object engine.Object, _ []string) (engine.Object, error) {
	return object, nil
}

// Delete implements engine.Type: the role always stays.
func (ServiceLinkedRoles) Delete(context.Context, engine.Object) error { return nil }

var _ engine.Type[ServiceLinkedRole] = ServiceLinkedRoles{}
