package plantext_test

import (
	"context"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	envOwner   = engine.Owner{Environment: "shop-dev"}
	stackOwner = engine.Owner{Environment: "shop-dev", Project: "shop"}
)

// box is the resource of all types in these tests.
type box struct {
	Kind  string
	Size  string       `attr:"size"`
	Shape string       `attr:"shape,replace"`
	Uses  []engine.Ref `attr:"uses,set"`
	Parts []part       `attr:"parts"`
}

type part struct{ Name, Image string }

func (b box) Type() string { return b.Kind }

// kind is a type whose plans are made and never applied.
type kind struct{ spec engine.Spec }

func (k kind) Spec() engine.Spec                                         { return k.spec }
func (kind) List(context.Context, engine.Query) ([]engine.Object, error) { return nil, nil }
func (kind) Create(context.Context, engine.Desired[box]) (engine.Object, error) {
	return engine.Object{}, nil
}
func (kind) Update(_ context.Context, _ engine.Desired[box], o engine.Object, _ []string) (engine.Object, error) {
	return o, nil
}
func (kind) Delete(context.Context, engine.Object) error { return nil }

// polled is a kind whose objects are not ready at once.
type polled struct{ kind }

func (polled) Poll(_ context.Context, objects []engine.Object) ([]engine.Object, error) {
	return objects, nil
}

// richPlan has an action of every verb.
func richPlan(t *testing.T) *engine.Plan {
	t.Helper()
	reg, err := engine.NewRegistry(
		engine.Erase(kind{engine.Spec{Name: "ec2.subnet"}}),
		engine.Erase(polled{kind{engine.Spec{Name: "ecs.service", ReadyIn: 45 * time.Second, GoneIn: 30 * time.Second}}}),
		engine.Erase(kind{engine.Spec{Name: "ecs.task-definition", Revises: true}}),
		engine.Erase(kind{engine.Spec{Name: "logs.log-group", Keep: "logs"}}))
	if err != nil {
		t.Fatal(err)
	}
	g, w := engine.NewGraph(), engine.NewObserved(envOwner, stackOwner)
	have := func(n *engine.Node, id string, b box, f func(*engine.Object)) {
		l := engine.Object{Address: n.Address, ID: id, Attrs: engine.Shown(b), LastApplied: engine.LastApplied(engine.AttrsOf(b)), State: engine.StateReady}
		if f != nil {
			f(&l)
		}
		w.Add(n.Address.Type, l)
	}
	same := box{Kind: "ec2.subnet"}
	have(g.Add(envOwner, "public-a", box{Kind: "ec2.subnet", Shape: "10.1.0.0/24"}), "subnet-0123456789abcdef0",
		box{Kind: "ec2.subnet", Shape: "10.0.0.0/24"}, nil)
	have(g.Add(envOwner, "public-b", same), "subnet-1", same, nil)
	have(g.Add(envOwner, "private-a", same), "subnet-2", same, func(l *engine.Object) { l.LastApplied = "stale0" })
	w.Add("ec2.subnet", engine.Object{Address: engine.Address{Owner: envOwner, Type: "ec2.subnet", Name: "public-c"}, ID: "subnet-3"})
	def := func(image string) box {
		return box{Kind: "ecs.task-definition", Parts: []part{{Name: "web", Image: image}}}
	}
	td := g.Add(stackOwner, "web", def("registry.example.com/a-long-repository-name/web-front-end:2026-11-21"))
	have(td, "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7",
		def("registry.example.com/a-long-repository-name/web-front-end:2026-11-20"), nil)
	web := box{Kind: "ecs.service", Size: "2", Uses: []engine.Ref{td.ID()}}
	have(g.Add(stackOwner, "web", web), "arn:aws:ecs:eu-central-1:123456789012:service/shop/web", web,
		func(l *engine.Object) { l.Attrs["size"] = "3"; l.Attrs["uses"] = `["x"]` })
	api := box{Kind: "ecs.service"}
	have(g.Add(stackOwner, "api", api), "arn:aws:ecs:eu-central-1:123456789012:service/shop/api", api,
		func(l *engine.Object) { l.State, l.Detail = engine.StatePending, "1 of 2 tasks running" })
	g.Add(stackOwner, "worker", box{Kind: "ecs.service"})
	w.Add("logs.log-group", engine.Object{Address: engine.Address{Owner: stackOwner, Type: "logs.log-group", Name: "old"}, ID: "/berth/shop-dev/shop/old"})
	p, err := engine.MakePlan(g, w, reg, engine.PlanOptions{RemoveOrphans: true, Now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, d)
	}
}

func TestPlanText(t *testing.T) {
	t.Parallel()
	text := plantext.Plan(richPlan(t))
	golden(t, "plan.txt", text)
	for line := range strings.Lines(text) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestPlanJSON(t *testing.T) {
	t.Parallel()
	data, err := json.MarshalIndent(plantext.RecordOf(richPlan(t)), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.json", string(data)+"\n")
}

// TestEveryCauseHasWords: a cause without words here shows its type's words, and one
// without either would show nothing.
func TestEveryCauseHasWords(t *testing.T) {
	t.Parallel()
	said := map[engine.CauseKind]bool{
		engine.CauseBegins: true, engine.CauseLeaves: true, engine.CauseKept: true,
		engine.CauseForeign: true, engine.CauseLosesData: true,
	}
	texts := map[string]engine.CauseKind{}
	for _, k := range causeKinds(t) {
		text := plantext.Words(engine.Cause{Kind: k, Of: "other", Detail: "detail"})
		if bare := text == "detail"; bare != said[k] || text == "" {
			t.Errorf("the words of %s are %q", k, text)
		}
		if twin, twice := texts[text]; twice && !said[k] {
			t.Errorf("%s and %s both read %q", k, twin, text)
		}
		texts[text] = k
	}
}

// causeKinds are the constants of the engine's source.
func causeKinds(t *testing.T) []engine.CauseKind {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../engine/cause.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []engine.CauseKind
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, v := range spec.Values {
			text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, engine.CauseKind(text))
		}
		return false
	})
	if len(kinds) < 20 {
		t.Fatalf("found %d causes", len(kinds))
	}
	return kinds
}

// partsOf are parts for every kind of action in richPlan.
func partsOf(p *engine.Plan) []plantext.Part {
	of := func(kind plantext.Kind, name string, main string, f func(*engine.Action) bool) plantext.Part {
		part := plantext.Part{Kind: kind, Name: name}
		for _, a := range p.Actions {
			if !f(a) {
				continue
			}
			part.Actions = append(part.Actions, a)
			if a.Type == main {
				part.Main = a
			}
		}
		return part
	}
	named := func(name string) func(*engine.Action) bool {
		return func(a *engine.Action) bool {
			return !a.Owner().IsEnvironment() && a.Address.Name == name && a.Type != "logs.log-group"
		}
	}
	env := of(plantext.Environment, "shop-dev", "", func(a *engine.Action) bool { return a.Owner().IsEnvironment() })
	env.Facts = []plantext.Fact{{Verb: engine.VerbCreate, Text: "a subnet"}, {Verb: engine.VerbDelete, Text: "another subnet"}}
	web := of(plantext.Service, "web", "ecs.service", named("web"))
	web.Size, web.Rolls, web.Spot = "2 x 0.25 vCPU, 512 MiB", true, 1
	web.Changes = []plantext.Change{
		{At: "compose.yaml:14", Key: "environment.LOG_LEVEL", Before: "info", After: "debug"},
		{At: "compose.yaml:15", Key: "environment.TOKEN", Text: "changed"},
		{At: "compose.yaml:16", Key: "deploy.replicas", Before: "3", After: "2", Why: "changed outside berth"},
		{At: "compose.yaml:17", Key: "image", Text: "stays: " + strings.Repeat("a long reason ", 8), Held: true},
	}
	worker := of(plantext.Service, "worker", "ecs.service", named("worker"))
	worker.Size, worker.Image = "1 x 0.25 vCPU, 512 MiB", "registry.example.com/a-long-repository-name/worker:2026-11-20"
	worker.Reach = []string{"https://worker.example.com", "public tcp :5432"}
	job := of(plantext.Job, "migrate", "ecs.task-definition", named("web"))
	job.Size, job.Causes = "0.25 vCPU, 512 MiB", []string{"web", "worker"}
	return []plantext.Part{env, of(plantext.Service, "api", "ecs.service", named("api")), web, worker, job}
}

func TestOverview(t *testing.T) {
	t.Parallel()
	p := richPlan(t)
	var text strings.Builder
	names := map[plantext.Tone]string{
		plantext.Plain: " ", plantext.New: "N", plantext.Changes: "C", plantext.Danger: "D", plantext.Title: "T",
	}
	for _, l := range plantext.Overview(p, partsOf(p), 80) {
		if n := len([]rune(l.String())); n > 80 {
			t.Errorf("%d columns: %s", n, l)
		}
		text.WriteString(strings.TrimRight(names[l.Tone]+" |"+l.String(), " ") + "\n")
	}
	golden(t, "overview.txt", text.String())
}

// TestResourcesHaveTones: the listing by resource is the text of Plan.
func TestResourcesHaveTones(t *testing.T) {
	t.Parallel()
	p := richPlan(t)
	lines := plantext.Resources(p)
	if d := cmp.Diff(plantext.Plan(p), plantext.Text(lines)); d != "" {
		t.Errorf("-plan +lines:\n%s", d)
	}
	for _, l := range lines {
		text := strings.TrimLeft(l.String(), " ")
		for prefix, tone := range map[string]plantext.Tone{
			"+ ecs.service/worker": plantext.New, "~ ecs.service/web": plantext.Changes,
			"- logs": plantext.Danger, "-/+ ec2.subnet": plantext.Danger, "task_definition": plantext.Plain,
		} {
			if strings.HasPrefix(text, prefix) && l.Tone != tone {
				t.Errorf("tone %d of %q", l.Tone, l)
			}
		}
	}
}

func TestCounted(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 services", 1: "1 service", 2: "2 services"} {
		if got := plantext.Counted(n, "service"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	if got := plantext.Counted(2, "repository"); got != "2 repositories" {
		t.Errorf("got %q", got)
	}
}
