package permissions

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestALifeUnderTheBoundary takes over a project without a boundary, with the
// policies that only allow roles with one: every role gets it before its
// policies, and no project can be brought up without it.
func TestALifeUnderTheBoundary(t *testing.T) {
	t.Parallel()
	list := documents(t)
	list[deployServices] = Bounded(list[deployServices])
	policy := allowed(t, list...)
	without, next := lives()[0], lives()[2]
	with := func(file string) string {
		return strings.Replace(file, "x-berth: {preset", "x-berth: {permissions_boundary: "+boundary+", preset", 1)
	}
	free, before, after := bed.App(t, without), bed.App(t, with(without)), bed.App(t, with(next))
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond, MaxLag: 2 * time.Second, Account: "123456789012"})
		b.World.AddPolicy("boundary")
		b.World.PutSecret("stored", "one")
		b.World.Owner().GiveBucket("shop-pics")
		b.SetSecret(t, "shop-dev", "TOKEN", "one")
		execute(t, b, free, deploy.Request{})
		if err := b.World.SetPolicy(policy); err != nil {
			t.Fatal(err)
		}
		execute(t, b, before, deploy.Request{})
		bounded(t, b)
		execute(t, b, after, deploy.Request{Deep: true})
		bounded(t, b)
		execute(t, b, after, deploy.Request{Down: true, DeleteData: true})
		recorded(t, b)
		b.SetSecret(t, "shop-dev", "TOKEN", "one")
		p, err := b.Start(t.Context(), free)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Do(t.Context(), deploy.Request{}); err == nil || !strings.Contains(err.Error(), "iam:CreateRole") {
			t.Errorf("a project without the boundary: %v, want that iam:CreateRole is denied", err)
		}
	})
}

// bounded checks that every role of berth's has the boundary.
func bounded(t *testing.T, b *bed.Bed) {
	t.Helper()
	time.Sleep(time.Minute) // lists show what was deleted last for a while
	api := aws.NewClients(b.World.Config()).IAM
	out, err := api.ListRoles(t.Context(), &iam.ListRolesInput{PathPrefix: awssdk.String("/berth/")})
	if err != nil || len(out.Roles) == 0 {
		t.Fatalf("%d roles, %v", len(out.Roles), err)
	}
	for _, r := range out.Roles {
		got, err := api.GetRole(t.Context(), &iam.GetRoleInput{RoleName: r.RoleName})
		if err != nil {
			t.Fatal(err)
		}
		if set := got.Role.PermissionsBoundary; set == nil || *set.PermissionsBoundaryArn != boundary {
			t.Errorf("%s has the boundary %+v", *r.RoleName, set)
		}
	}
}

// TestTheBoundaryCannotBeEscaped reads the bounded policy: every action that
// gives a role permissions is only allowed with the boundary, and no action may
// remove it.
func TestTheBoundaryCannotBeEscaped(t *testing.T) {
	t.Parallel()
	d := documents(t)[deployServices]
	size, err := Bounded(d).Size()
	if err != nil || size > MaxSize {
		t.Errorf("%d characters (%v)", size, err)
	}
	var before, after []string
	for _, s := range d.Statements {
		before = append(before, s.Action...)
	}
	for _, s := range Bounded(d).Statements {
		after = append(after, s.Action...)
		for _, a := range s.Action {
			gives := slices.Contains([]string{"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"}, a)
			if _, with := s.Condition["StringEquals"]["iam:PermissionsBoundary"]; gives != with {
				t.Errorf("%s: asks for the boundary %t, want %t", a, with, gives)
			}
		}
	}
	before = slices.DeleteFunc(before, func(a string) bool { return a == "iam:DeleteRolePermissionsBoundary" })
	slices.Sort(before)
	slices.Sort(after)
	if !slices.Equal(before, after) {
		t.Errorf("with the boundary the actions are\n%v, want\n%v", after, before)
	}
}
