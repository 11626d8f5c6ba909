package guest

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// everything is a project that uses every kind of existing object.
const everything = `name: shop
x-berth:
  cluster: {cluster}
  load_balancer: {balancer}
  execution_role_arn: arn:aws:iam::123456789012:role/tasks
  network:
    vpc: {vpc}
    public_subnets: [{public}]
    private_subnets: [{private}]
    security_groups: [{group}]
    tasks: private
services:
  web:
    image: nginx:1.29
    ports: ["80:80", "8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
    depends_on: [api]
  api:
    image: example/api:1
    ports: [{target: 3000, published: "3000", app_protocol: http}]
    healthcheck: {test: ["CMD", "curl", "-f", "http://localhost:3000/up"], interval: 5s}
    volumes: ["data:/data"]
    x-berth: {public: internal}
volumes: {data: {}}
`

// parse reads a Compose text outside of the bubble's world.
func parse(t *testing.T, g ground, text string) *app.App {
	t.Helper()
	return bed.App(t, g.fill(text))
}

// TestWhatIsGivenIsNeverChanged: a guest's up, change and down make no call
// that changes an existing object.
func TestWhatIsGivenIsNeverChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, options())
		h := newHost(t, b)
		h.role("tasks")
		h.linkedRoles()
		g := h.network()
		a := parse(t, g, everything)
		changed := parse(t, g, strings.Replace(everything, "nginx:1.29", "nginx:1.30", 1))
		time.Sleep(bed.Quiet)
		before := others(b)
		for _, step := range []struct {
			name string
			app  *app.App
			req  deploy.Request
		}{
			{"up", a, deploy.Request{}}, {"again", a, deploy.Request{Deep: true}}, {"change", changed, deploy.Request{}},
			{"down", changed, deploy.Request{Down: true, DeleteData: true}},
		} {
			f, err := b.Run(t.Context(), step.app, step.req)
			if err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			if step.name == "again" && !f.Plan.Empty() {
				t.Errorf("there is something to do again:\n%s", f.Plan)
			}
			untouched(t, g, step.name, f)
			time.Sleep(bed.Quiet)
		}
		if diff := cmp.Diff(before, others(b)); diff != "" {
			t.Errorf("down leaves or takes away (-before +after):\n%s", diff)
		}
	})
}

// attaches are the calls that may name existing objects: they add berth's own
// objects to them.
var attaches = []string{"CreateSecurityGroup", "CreateTargetGroup", "CreateListener", "CreateRule", "CreateLoadBalancer"}

// untouched checks that no mutating call is about an existing id.
func untouched(t *testing.T, g ground, step string, f bed.Figures) {
	t.Helper()
	for _, c := range f.Record {
		if !c.Mutating || slices.Contains(attaches, c.Operation) {
			continue
		}
		for _, id := range g.ids() {
			if slices.ContainsFunc(c.Resources, func(r string) bool { return strings.HasSuffix(r, id) }) {
				t.Errorf("%s: %s %s is about %s", step, c.Service, c.Operation, id)
			}
		}
	}
}

// TestAGuestDiesAnywhere: a guest's run dies and is run again; then down leaves
// the ground unchanged.
func TestAGuestDiesAnywhere(t *testing.T) {
	t.Parallel()
	dir, path, want := t.TempDir(), "", []string(nil)
	var g ground
	calls := 0
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, options())
		h := newHost(t, b)
		h.role("tasks")
		h.linkedRoles()
		g = h.network()
		time.Sleep(bed.Quiet)
		want = others(b)
		path = b.Save(t, dir)
		f, err := b.Up(t.Context(), parse(t, g, everything))
		if err != nil {
			t.Fatal(err)
		}
		calls = f.Calls
	})
	a := parse(t, g, everything)
	for k := 3; k < calls; k += 7 {
		for _, kind := range []sandbox.FaultKind{sandbox.KillBefore, sandbox.KillAfter} {
			synctest.Test(t, func(t *testing.T) {
				b := bed.Load(t, path, options())
				b.World.Inject(func(c sandbox.Call) sandbox.Fault {
					if c.Index == k {
						return sandbox.Fault{Kind: kind}
					}
					return sandbox.Fault{}
				})
				_, _ = b.Up(t.Context(), a) // it dies
				b.World.Inject(nil)
				b.World.Revive()
				time.Sleep(time.Minute)
				if _, err := b.Up(t.Context(), a); err != nil {
					t.Fatalf("after a death at call %d: %v", k, err)
				}
				time.Sleep(bed.Quiet)
				if _, err := b.Down(t.Context(), a); err != nil {
					t.Fatalf("down after a death at call %d: %v", k, err)
				}
				time.Sleep(bed.Quiet)
				if diff := cmp.Diff(want, others(b)); diff != "" {
					t.Errorf("after a death at call %d (-before +after):\n%s", k, diff)
				}
			})
		}
	}
}

// TestTwoGuestsInOneVPC: an environment in an existing VPC is deleted with its
// last project.
func TestTwoGuestsInOneVPC(t *testing.T) {
	t.Parallel()
	const text = `name: %
x-berth:
  network:
    vpc: {vpc}
    public_subnets: [{public}]
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
`
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, options())
		h := newHost(t, b)
		h.linkedRoles()
		g := h.network()
		time.Sleep(bed.Quiet)
		before := others(b)
		one, two := parse(t, g, strings.Replace(text, "%", "one", 1)), parse(t, g, strings.Replace(text, "%", "two", 1))
		for _, a := range []*app.App{one, two} {
			if _, err := b.Up(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(bed.Quiet)
		f, err := b.Down(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(f.Plan.Actions, func(a *engine.Action) bool { return a.Type == "ecs.cluster" }) {
			t.Error("the first project's own cluster stays for the other project in the VPC")
		}
		time.Sleep(bed.Quiet)
		if _, err := b.Down(t.Context(), two); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		if diff := cmp.Diff(before, others(b)); diff != "" {
			t.Errorf("down leaves or takes away (-before +after):\n%s", diff)
		}
	})
}

// TestLeavingWhatWasGiven: a project that stops using an existing cluster and
// balancer leaves nothing there.
func TestLeavingWhatWasGiven(t *testing.T) {
	t.Parallel()
	const text = `name: shop
x-berth:
  cluster: {cluster}
  load_balancer: {balancer}
  network:
    vpc: {vpc}
    public_subnets: [{public}]
services:
  web:
    image: nginx:1.29
    ports: ["80:80", "8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
`
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, options())
		h := newHost(t, b)
		h.linkedRoles()
		g := h.network()
		time.Sleep(bed.Quiet)
		before := others(b)
		if _, err := b.Up(t.Context(), parse(t, g, text)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		own := parse(t, g, strings.NewReplacer("  cluster: {cluster}\n", "", "  load_balancer: {balancer}\n", "").Replace(text))
		if _, err := b.Up(t.Context(), own); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		services, err := h.ecs.ListServices(t.Context(), &ecs.ListServicesInput{Cluster: &g.cluster})
		if n := len(check(h, services, err).ServiceArns); n > 0 {
			t.Errorf("%d services are left in the given cluster", n)
		}
		listeners, err := h.elb.DescribeListeners(t.Context(), &elb.DescribeListenersInput{LoadBalancerArn: &g.balancer})
		if n := len(check(h, listeners, err).Listeners); n != 1 {
			t.Errorf("%d listeners are left on the given balancer, want the one that it had", n)
		}
		if _, err := b.Down(t.Context(), own); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		if diff := cmp.Diff(before, others(b)); diff != "" {
			t.Errorf("down leaves or takes away (-before +after):\n%s", diff)
		}
	})
}
