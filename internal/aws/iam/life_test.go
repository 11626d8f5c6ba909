package iam_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
	"github.com/berthdev/berth/internal/sandbox"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life,
		Ground: func(*testing.T, aws.Config, clock.Clock) []*engine.Graph {
			w := desired{service: "ecs-tasks.amazonaws.com", managed: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}, inline: map[string]string{"read": readOne}}
			w.boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
			next := desired{service: "ecs.amazonaws.com", inline: map[string]string{"other": readTwo}, labels: map[string]string{"team": "a"}}
			last := next
			last.boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
			w.profile, next.profile = "own", "other"
			return []*engine.Graph{w.build(), next.build(), last.build()}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	api := sdk.NewFromConfig(cfg)
	return []engine.AnyType{engine.Erase(iam.ServiceLinkedRoles{API: api}), engine.Erase(iam.Roles{API: api, Region: "us-east-1"}), engine.Erase(iam.InstanceProfiles{Roles: iam.Roles{API: api, Region: "us-east-1"}})}
}

const (
	readOne  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::a+b/*"}]}`
	readTwo  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::two/*"}]}`
	readSame = `{"Statement": {"Resource": ["arn:aws:s3:::two/*"], "Action": "s3:GetObject", "Effect": "Allow"}, "Version": "2012-10-17"}`
)

// desired is a graph with every type of the package.
type desired struct {
	service string
	source  string
	managed []string
	inline  map[string]string
	labels  map[string]string

	boundary string
	// profile adds an instance profile, with its own role or with the other one.
	profile string
}

func (w desired) build() *engine.Graph {
	g := engine.NewGraph()
	g.Add(typetest.Env, "ecs", iam.ServiceLinkedRole{Service: "ecs.amazonaws.com"})
	worker := g.Add(typetest.Stack, "worker", role("worker", desired{service: w.service, source: w.source, boundary: w.boundary})).Label(w.labels)
	api := role("api", w)
	if w.inline != nil {
		api.Statements = []iam.Statement{{
			Actions: []string{"iam:GetRole"}, Resources: []engine.Ref{worker.ARN()},
			Equals: map[string]engine.Ref{"aws:PrincipalArn": engine.Lit("arn:aws:iam::123456789012:role/x")},
		}}
	}
	g.Add(typetest.Stack, "api", api).Label(w.labels)
	if w.profile != "" {
		machines := role("machines", desired{service: iam.InstancesPrincipal})
		of := g.Add(typetest.Stack, "machines", machines)
		if w.profile == "other" {
			machines.Name = naming.Name(typetest.Stack, "us-east-1", "other", 64)
			of = g.Add(typetest.Stack, "other", machines)
		}
		g.Add(typetest.Stack, iam.ProfileName, iam.InstanceProfile{
			Name: naming.Name(typetest.Stack, "us-east-1", "instances", 64), Path: "/berth/shop-dev/shop/", Role: of.ID(),
		})
	}
	return g
}

func role(name string, w desired) iam.Role {
	return iam.Role{
		Name: naming.Name(typetest.Stack, "us-east-1", name, 64), Path: "/berth/shop-dev/shop/",
		Service: w.service, Source: w.source, Managed: w.managed, Inline: w.inline, Boundary: w.boundary,
	}
}

// life takes roles through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	ctx, api := t.Context(), sdk.NewFromConfig(cfg)
	d := typetest.New(t, cfg, c, kinds)
	one, two := policies(t, api)

	w := desired{service: "ecs-tasks.amazonaws.com", managed: []string{one}, inline: map[string]string{"read": readOne}}
	first := w.build()
	d.Up(first, false)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 2 {
		t.Errorf("a shallow reading took %d calls, want 2", got)
	}
	d.MustPlan("", first, true)

	w = desired{service: "ecs.amazonaws.com", source: "arn:aws:ecs:us-east-1:123456789012:*", managed: []string{two}, inline: map[string]string{"other": readTwo}, labels: map[string]string{"team": "a"}}
	d.Up(w.build(), false)
	d.MustPlan("", w.build(), true)
	w.labels = nil
	d.Up(w.build(), false)
	d.MustPlan("", w.build(), true)

	name := role("api", w).Name
	put := func(document string) {
		_, err := api.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("other"), PolicyDocument: &document})
		if err != nil {
			t.Fatal(err)
		}
	}
	put(readSame) // says the same in other words
	d.MustPlan("", w.build(), true)
	put(readOne)
	d.MustPlan("", w.build(), false)
	d.MustPlan("update iam.role/api (inline.other changed outside berth)", w.build(), true)
	d.Up(w.build(), true)
	d.MustPlan("", w.build(), true)

	w.profile = "own"
	d.Up(w.build(), false)
	d.MustPlan("", w.build(), true)
	w.profile = "other"
	d.MustPlan("create iam.role/other (does not exist yet)\nupdate iam.instance-profile/instances (role follows iam.role/other)", w.build(), false)
	d.Up(w.build(), false)
	d.MustPlan("", w.build(), true)
	w.profile = ""
	d.Up(w.build(), false)

	bounded(t, api, d, &w, one, two)
	cutShort(t, api, d, w)
	strangers(t, api, d, w)
	d.Down()
}

// policies are two of the account's own that can be attached.
func policies(t *testing.T, api *sdk.Client) (one, two string) {
	t.Helper()
	var arns []string
	for _, name := range []string{"one", "two"} {
		out, err := api.CreatePolicy(t.Context(), &sdk.CreatePolicyInput{PolicyName: &name, PolicyDocument: aws.String(readOne)})
		if err != nil {
			t.Fatal(err)
		}
		arns = append(arns, aws.ToString(out.Policy.Arn))
		t.Cleanup(func() {
			if _, err := api.DeletePolicy(context.Background(), &sdk.DeletePolicyInput{PolicyArn: out.Policy.Arn}); err != nil {
				t.Error(err)
			}
		})
	}
	return arns[0], arns[1]
}

// bounded gives roles a boundary, changes it, has it changed behind berth's
// back, and takes it off; one that somebody else sets then is theirs.
func bounded(t *testing.T, api *sdk.Client, d *typetest.Driver, w *desired, one, two string) {
	t.Helper()
	name := role("api", *w).Name
	shown := func() string {
		out, err := api.GetRole(t.Context(), &sdk.GetRoleInput{RoleName: &name})
		if err != nil {
			t.Fatal(err)
		}
		if out.Role.PermissionsBoundary == nil {
			return ""
		}
		return aws.ToString(out.Role.PermissionsBoundary.PermissionsBoundaryArn)
	}
	put := func(arn string) {
		_, err := api.PutRolePermissionsBoundary(t.Context(), &sdk.PutRolePermissionsBoundaryInput{RoleName: &name, PermissionsBoundary: &arn})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, arn := range []string{one, two} {
		w.boundary = arn
		d.Up(w.build(), false)
		if got := shown(); got != arn {
			t.Errorf("the boundary is %q, want %q", got, arn)
		}
		d.MustPlan("", w.build(), true)
	}
	put(one)
	d.MustPlan("", w.build(), false)
	d.MustPlan("update iam.role/api (boundary changed outside berth)", w.build(), true)
	d.Up(w.build(), true)
	w.boundary = ""
	d.Up(w.build(), false)
	if got := shown(); got != "" {
		t.Errorf("the boundary is %q, want none", got)
	}
	put(one)
	d.MustPlan("", w.build(), true)
}

// cutShort leaves a role as a creation does that ends after its first call.
func cutShort(t *testing.T, api *sdk.Client, d *typetest.Driver, w desired) {
	t.Helper()
	ctx, name := t.Context(), role("api", w).Name
	mark := engine.Mark{Address: engine.Address{Owner: typetest.Stack, Type: "iam.role", Name: "api"}}
	_, err := api.UpdateRole(ctx, &sdk.UpdateRoleInput{RoleName: &name, Description: aws.String(mark.String())})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.DeleteRolePolicy(ctx, &sdk.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String("other")})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update iam.role/api (inline.other differs)", w.build(), false)
	d.Up(w.build(), false)
	d.MustPlan("", w.build(), true)
}

// strangers makes a role somebody else's and looks what becomes of it.
func strangers(t *testing.T, api *sdk.Client, d *typetest.Driver, w desired) {
	t.Helper()
	ctx, name := t.Context(), role("api", w).Name
	_, err := api.UpdateRole(ctx, &sdk.UpdateRoleInput{RoleName: &name, Description: aws.String("mine now")})
	if err != nil {
		t.Fatal(err)
	}
	// The tags still say whose it is.
	d.Up(w.build(), false)
	d.MustPlan("", w.build(), true)
	_, err = api.UpdateRole(ctx, &sdk.UpdateRoleInput{RoleName: &name, Description: aws.String("mine now")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.UntagRole(ctx, &sdk.UntagRoleInput{RoleName: &name, TagKeys: []string{engine.TagOwner}})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Try(ctx, w.build(), false, engine.PlanOptions{})
	var taken *engine.TakenError
	if !errors.As(err, &taken) || !strings.Contains(taken.ID, name) {
		t.Errorf("with an unmarked role of the name: %v, want a TakenError", err)
	}
	adopt := map[engine.Address]bool{{Owner: typetest.Stack, Type: "iam.role", Name: "api"}: true}
	if err := d.Try(ctx, w.build(), false, engine.PlanOptions{Adopt: adopt}); err != nil {
		t.Errorf("adopting the role: %v", err)
	}
	d.MustPlan("", w.build(), true)
}

// A role that lost its policies to a teardown which died gets them again.
func TestAHalfDeletedRoleIsMadeWhole(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"DetachRolePolicy", "DeleteRolePolicy"} {
		synctest.Test(t, func(t *testing.T) {
			w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			g := engine.NewGraph()
			g.Add(typetest.Stack, "web", iam.Role{
				Name: naming.Name(typetest.Stack, "us-east-1", "web", 64), Path: "/berth/shop-dev/shop/", Service: "ecs-tasks.amazonaws.com",
				Managed: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}, Inline: map[string]string{"read": readOne},
			})
			d := typetest.New(t, w.Config(), clock.Wall{}, kinds)
			d.Up(g, false)
			w.Inject(func(c sandbox.Call) sandbox.Fault {
				if c.Operation == operation {
					return sandbox.Fault{Kind: sandbox.KillAfter}
				}
				return sandbox.Fault{}
			})
			if err := d.Try(t.Context(), nil, false, engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack}}); err == nil {
				t.Fatal("the teardown survived its death")
			}
			w.Inject(nil)
			w.Revive()
			d.Up(g, false)
			d.MustPlan("", g, true)
		})
	}
}
