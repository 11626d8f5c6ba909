package engine

import (
	"context"
	"strings"
	"testing"
)

// vault is a fake type whose objects hold data.
type vault struct{ *kind }

func (vault) Hold(_ box, _ Object, attr string) string {
	if attr == "shape" {
		return "its data would be lost"
	}
	return ""
}

func (vault) Protected(l Object) string {
	if l.Attrs["size"] == "guarded" {
		return "it is guarded"
	}
	return ""
}

func (v vault) Erase(ctx context.Context, object Object) error { return v.Delete(ctx, object) }

func (vault) Begin(want box) string {
	if want.Seed == "" {
		return ""
	}
	return "begins with " + want.Seed
}

// planVault plans for a box of the vault with the existing objects.
func planVault(t *testing.T, want *box, opts PlanOptions, objects ...Object) *Plan {
	t.Helper()
	reg, err := NewRegistry(
		Erase(vault{&kind{spec: Spec{Name: "vault", Leaves: "a copy stays"}}}),
		Erase(&kind{spec: Spec{Name: "net"}}))
	if err != nil {
		t.Fatal(err)
	}
	w := NewObserved(stackOwner)
	w.Add("vault", objects...)
	w.Add("net", Object{
		Address: Address{Owner: stackOwner, Type: "net", Name: "n"}, ID: "net-1234567", State: StateReady,
	})
	g := NewGraph()
	if want != nil {
		want.Kind = "vault"
		g.Add(stackOwner, "v", *want)
	}
	opts.RemoveOrphans = true
	p, err := MakePlan(g, w, reg, opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func inVault(id string, state State, attrs map[string]string) Object {
	return Object{
		Address: Address{Owner: stackOwner, Type: "vault", Name: "v"}, ID: id, State: state, Attrs: attrs, Detail: "copy " + id,
	}
}

// sentences are the actions of a plan, one per line.
func sentences(p *Plan) string {
	var out []string
	for _, a := range p.Actions {
		whys := make([]string, len(a.Reasons))
		for i, r := range a.Reasons {
			whys[i] = r.String()
		}
		line := string(a.Verb) + " " + a.Title() + ": " + strings.Join(whys, "; ")
		if a.LosesData() {
			line += "; data is lost"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestPlansOfWhatHoldsData(t *testing.T) {
	t.Parallel()
	down := PlanOptions{Destroy: []Owner{stackOwner}}
	erase := PlanOptions{Destroy: []Owner{stackOwner}, DeleteData: true}
	usesNet := map[string]string{"size": "guarded", "home": "net-1234567"}
	for _, tt := range []struct {
		name    string
		want    *box
		opts    PlanOptions
		objects []Object
		plan    string
	}{
		{
			"nothing is there", &box{Size: "s", Seed: "a seed"}, PlanOptions{}, nil,
			"create vault/v: begins: begins with a seed\ndelete net/n: orphan",
		},
		{
			"a copy is there", &box{Size: "s"}, PlanOptions{}, []Object{inVault("copy-1", StateStored, nil)},
			"create vault/v: restored copy copy-1\ndelete net/n: orphan",
		},
		{
			"a copy beside the object", &box{Size: "s"}, PlanOptions{},
			[]Object{inVault("copy-1", StateStored, nil), inVault("vault-1", StateReady, map[string]string{"size": "s"})},
			"record vault/v: noted\ndelete net/n: orphan",
		},
		{
			"a change that is held back", &box{Size: "s", Shape: "new", Uses: Lits("net-7654321")}, PlanOptions{},
			[]Object{inVault("vault-1", StateReady, map[string]string{"size": "s", "shape": "old", "uses": `["net-7654321"]`})},
			"leave vault/v: shape: held: its data would be lost\ndelete net/n: orphan",
		},
		{
			"one of two changes is held back", &box{Size: "new", Shape: "new"}, PlanOptions{},
			[]Object{inVault("vault-1", StateReady, map[string]string{"size": "old", "shape": "old"})},
			"update vault/v: size: old -> new (differs); shape: held: its data would be lost\ndelete net/n: orphan",
		},
		{
			"a teardown", nil, down, []Object{inVault("vault-1", StateReady, map[string]string{"size": "s"})},
			"delete vault/v: teardown; leaves: a copy stays\ndelete net/n: teardown",
		},
		{
			"a teardown that deletes data", nil, erase, []Object{inVault("vault-1", StateReady, map[string]string{"size": "s"})},
			"delete vault/v: teardown; data is lost\ndelete net/n: teardown",
		},
		{
			"a teardown after another", nil, down, []Object{inVault("copy-1", StateStored, nil)},
			"delete net/n: teardown\nleave vault/v: stored copy copy-1",
		},
		{
			"a teardown that deletes copies", nil, erase, []Object{inVault("copy-1", StateStored, nil)},
			"delete vault/v: teardown; data is lost\ndelete net/n: teardown",
		},
		{
			"what is guarded stays with what it uses", nil, erase, []Object{inVault("vault-1", StateReady, usesNet)},
			"leave vault/v: kept: it is guarded\nleave net/n: used vault vault-1",
		},
		{
			"an orphan that is guarded", nil, PlanOptions{}, []Object{inVault("vault-1", StateReady, usesNet)},
			"leave vault/v: kept: it is guarded\nleave net/n: used vault vault-1",
		},
		{
			"an orphan that has left a copy", nil, PlanOptions{}, []Object{inVault("copy-1", StateStored, nil)},
			"delete net/n: orphan\nleave vault/v: stored copy copy-1",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := sentences(planVault(t, tt.want, tt.opts, tt.objects...)); got != tt.plan {
				t.Errorf("plan:\n%s\nwant:\n%s", got, tt.plan)
			}
		})
	}
}
