package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	envOwner   = Owner{Environment: "shop-dev"}
	stackOwner = Owner{Environment: "shop-dev", Project: "shop"}
)

// box is the resource of all fake types.
type box struct {
	Kind    string
	Size    string            `attr:"size"`
	Shape   string            `attr:"shape,replace"`
	Home    Ref               `attr:"home,replace"`
	Uses    []Ref             `attr:"uses,set"`
	Count   int               `attr:"count,external"`
	Seed    string            `attr:"seed,create"`
	Hidden  string            `attr:"hidden"`
	Quiet   string            `attr:"quiet,silent"`
	Parts   []part            `attr:"parts"`
	Options map[string]string `attr:"options"`
}

type part struct {
	Name, Image string
	Args        []string
	Environment map[string]string `keys:"variables"`
	Labels      map[string]string `keys:"user"`
}

func (b box) Type() string { return b.Kind }

// fault is an error with a class.
type fault struct {
	class Class
	text  string
}

func (f *fault) Error() string { return f.text }
func (f *fault) Class() Class  { return f.class }

// cloud is a provider in memory. It never sleeps while it holds its lock.
type cloud struct {
	mu     sync.Mutex
	kinds  map[string]*kind
	things map[string]*thing
	// graves are the objects that are gone: their tokens outlive them.
	graves  []*thing
	last    int
	history []string
}

type thing struct {
	object            Object
	kind              string
	made, ready       time.Time
	gone              time.Time
	deletions, failed bool
	want              box
	token             string
}

func newCloud(t *testing.T, kinds ...*kind) (*cloud, *Registry) {
	t.Helper()
	c := &cloud{kinds: map[string]*kind{}, things: map[string]*thing{}}
	var types []AnyType
	for _, k := range kinds {
		k.cloud, k.tries = c, map[string]int{}
		c.kinds[k.spec.Name] = k
		if k.readyIn == 0 {
			k.readyIn = k.spec.ReadyIn
		}
		if k.goneIn == 0 {
			k.goneIn = k.spec.GoneIn
		}
		if k.readyIn > 0 || k.goneIn > 0 {
			types = append(types, Erase(pollingKind{k}))
		} else {
			types = append(types, Erase(k))
		}
	}
	reg, err := NewRegistry(types...)
	if err != nil {
		t.Fatal(err)
	}
	return c, reg
}

// past returns the mutating calls that took effect, in order.
func (c *cloud) past() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.history)
}

// count returns the number of objects of a kind.
func (c *cloud) count(kind string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, th := range c.things {
		if th.kind == kind && (!th.deletions || time.Now().Before(th.gone)) {
			n++
		}
	}
	return n
}

// edit changes a thing behind berth's back.
func (c *cloud) edit(t *testing.T, a Address, f func(*thing)) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(c.things)) {
		if th := c.things[id]; th.object.Address == a {
			f(th)
			return
		}
	}
	t.Fatalf("nothing at %s", a)
}

// second adds another object with the tags of the one at an address.
func (c *cloud) second(t *testing.T, a Address) {
	t.Helper()
	var copied thing
	c.edit(t, a, func(th *thing) { copied = *th })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	copied.object.ID = fmt.Sprintf("%s-%06d", copied.kind, c.last)
	c.things[copied.object.ID] = &copied
}

// ids returns the ids of all existing objects.
func (c *cloud) ids() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	ids := map[string]bool{}
	for id, th := range c.things {
		if !th.deletions || time.Now().Before(th.gone) {
			ids[id] = true
		}
	}
	return ids
}

func at(o Owner, kind, name string) Address { return Address{Owner: o, Type: kind, Name: name} }

// planFor reads and plans.
func planFor(t *testing.T, reg *Registry, g *Graph, opts PlanOptions) *Plan {
	t.Helper()
	w, err := Read(t.Context(), reg, g, []Owner{envOwner, stackOwner}, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := MakePlan(g, w, reg, opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// up plans and applies, and returns the virtual time that this took.
func up(t *testing.T, reg *Registry, g *Graph, opts PlanOptions) (*Result, time.Duration) {
	t.Helper()
	began := time.Now()
	res, err := (&Runner{}).Apply(t.Context(), planFor(t, reg, g, opts))
	if err != nil {
		t.Fatal(err)
	}
	return res, time.Since(began)
}

// brief renders the actions: "create a/x; update b/y".
func brief(p *Plan) string {
	var parts []string
	for _, a := range p.Actions {
		parts = append(parts, string(a.Verb)+" "+a.Title())
	}
	return strings.Join(parts, "; ")
}
