package identity_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/sandbox/identity"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestRoleNamesAreUnique(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := iam.NewFromConfig(w.Config())
		sandboxtest.MakeRole(t, c, "Web")
		_, err := c.CreateRole(t.Context(), &iam.CreateRoleInput{
			RoleName: aws.String("web"), AssumeRolePolicyDocument: aws.String(identity.Trust("x")),
		})
		var exists *types.EntityAlreadyExistsException
		if !errors.As(err, &exists) {
			t.Errorf("error %v is no EntityAlreadyExistsException", err)
		}
		out, err := c.ListRoles(t.Context(), &iam.ListRolesInput{PathPrefix: aws.String("/berth/")})
		sandboxtest.Must(t, err)
		if len(out.Roles) != 1 || out.Roles[0].Tags != nil || aws.ToString(out.Roles[0].Description) != "berth env/shop-dev" {
			t.Errorf("listed %+v: want a description and no tags", out.Roles)
		}
		got, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("web")})
		sandboxtest.Must(t, err)
		if len(got.Role.Tags) != 1 || !strings.HasPrefix(*got.Role.AssumeRolePolicyDocument, "%7B%22Version%22") {
			t.Errorf("got tags %v and policy %s", got.Role.Tags, *got.Role.AssumeRolePolicyDocument)
		}
	})
}

func TestRolePolicies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := iam.NewFromConfig(w.Config())
		sandboxtest.MakeRole(t, c, "web")
		role, name := aws.String("web"), aws.String("own")
		managed := aws.String("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy")
		_, err := c.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: managed})
		sandboxtest.Must(t, err)
		_, err = c.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: aws.String("arn:aws:iam::123456789012:policy/none")})
		sandboxtest.WantCode(t, err, "NoSuchEntity")
		_, err = c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: role, PolicyName: name, PolicyDocument: aws.String("{")})
		sandboxtest.WantCode(t, err, "MalformedPolicyDocument")
		_, err = c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: role, PolicyName: name, PolicyDocument: aws.String("{}")})
		sandboxtest.Must(t, err)
		remove := func() error {
			_, err := c.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: role})
			return err
		}
		sandboxtest.WantCode(t, remove(), "DeleteConflict")
		_, err = c.DetachRolePolicy(t.Context(), &iam.DetachRolePolicyInput{RoleName: role, PolicyArn: managed})
		sandboxtest.Must(t, err)
		sandboxtest.WantCode(t, remove(), "DeleteConflict")
		_, err = c.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: name})
		sandboxtest.Must(t, err)
		sandboxtest.WantCode(t, remove(), "")
		sandboxtest.WantCode(t, remove(), "NoSuchEntity")
	})
}

func TestPermissionsBoundary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := iam.NewFromConfig(w.Config())
		own, role := w.AddPolicy("own"), aws.String("web")
		create := func(boundary *string) error {
			_, err := c.CreateRole(t.Context(), &iam.CreateRoleInput{
				RoleName: role, AssumeRolePolicyDocument: aws.String(identity.Trust("ecs-tasks.amazonaws.com")), PermissionsBoundary: boundary,
			})
			return err
		}
		put := func(boundary string) error {
			_, err := c.PutRolePermissionsBoundary(t.Context(), &iam.PutRolePermissionsBoundaryInput{RoleName: role, PermissionsBoundary: &boundary})
			return err
		}
		remove := func() error {
			_, err := c.DeleteRolePermissionsBoundary(t.Context(), &iam.DeleteRolePermissionsBoundaryInput{RoleName: role})
			return err
		}
		attach := func() error {
			_, err := c.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: &own})
			return err
		}
		sandboxtest.Must(t, w.SetPolicy([]byte(`{"Statement":[
			{"Effect":"Allow","Action":["iam:CreateRole","iam:AttachRolePolicy","iam:PutRolePermissionsBoundary"],"Resource":"*",
				"Condition":{"StringEquals":{"iam:PermissionsBoundary":"`+own+`"}}},
			{"Effect":"Allow","Action":["iam:DeleteRolePermissionsBoundary","iam:GetRole","iam:ListRoles","iam:DeleteRole"],"Resource":"*"}]}`)))
		sandboxtest.WantCode(t, create(nil), "AccessDenied")
		sandboxtest.WantCode(t, create(aws.String("arn:aws:iam::aws:policy/AdministratorAccess")), "AccessDenied")
		sandboxtest.Must(t, create(&own))
		sandboxtest.Must(t, attach())
		sandboxtest.Must(t, remove())
		sandboxtest.WantCode(t, remove(), "NoSuchEntity")
		sandboxtest.WantCode(t, attach(), "AccessDenied")
		sandboxtest.WantCode(t, put("arn:aws:iam::aws:policy/AdministratorAccess"), "AccessDenied")
		sandboxtest.Must(t, put(own))
		sandboxtest.Must(t, w.SetPolicy(nil))
		sandboxtest.WantCode(t, put("arn:aws:iam::123456789012:policy/none"), "NoSuchEntity")
		listed, err := c.ListRoles(t.Context(), &iam.ListRolesInput{})
		sandboxtest.Must(t, err)
		for _, r := range listed.Roles {
			if r.PermissionsBoundary != nil {
				t.Errorf("the list shows the boundary of %s", *r.RoleName)
			}
		}
		got, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: role})
		sandboxtest.Must(t, err)
		if b := got.Role.PermissionsBoundary; b == nil || *b.PermissionsBoundaryArn != own {
			t.Errorf("the role shows the boundary %+v", b)
		}
		_, err = c.DetachRolePolicy(t.Context(), &iam.DetachRolePolicyInput{RoleName: role, PolicyArn: &own})
		sandboxtest.Must(t, err)
		_, err = c.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: role})
		sandboxtest.Must(t, err) // a boundary does not keep a role from being deleted
	})
}
