package engine

import (
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/values"
)

// planner holds the state of one MakePlan.
type planner struct {
	g    *Graph
	w    *Observed
	reg  *Registry
	opts PlanOptions
	refs mentions

	// included are the nodes that the plan may change.
	included map[Address]bool
	destroy  map[Owner]bool
	verdicts map[Address]*verdict
	// spoken are the objects that the verdicts keep or replace, by key; held
	// those that their type wants left unchanged.
	spoken map[string]bool
	held   map[string]bool
	// duplicates are the second objects, by key, that the user wants deleted.
	duplicates map[string]bool
	actions    []*Action
	last       []*Action
}

// verdict is what is to become of a node.
type verdict struct {
	// object is the object that is kept, changed or replaced; has says whether
	// there is one.
	object Object
	has    bool
	// moves says that the outputs will differ from object's.
	moves  bool
	action *Action
}

func newPlanner(g *Graph, w *Observed, reg *Registry, opts PlanOptions) (*planner, error) {
	p := &planner{g: g, w: w, reg: reg, opts: opts,
		included: map[Address]bool{}, destroy: map[Owner]bool{},
		verdicts: map[Address]*verdict{}, spoken: map[string]bool{}}
	for _, o := range opts.Destroy {
		p.destroy[o] = true
	}
	for _, n := range g.Nodes() {
		if _, ok := reg.Lookup(n.Address.Type); !ok {
			return nil, fmt.Errorf("plan: %s: no such resource type", n.Address)
		}
		if !slices.Contains(w.Owners, n.Address.Owner) {
			return nil, fmt.Errorf("plan: %s: the objects of %s were not read", n.Address, n.Address.Owner)
		}
		if len(opts.Targets) == 0 && !p.destroy[n.Address.Owner] {
			p.included[n.Address] = true
		}
	}
	for _, typ := range w.Types() {
		if _, ok := reg.Lookup(typ); !ok {
			return nil, fmt.Errorf("plan: objects of %s were read: no such resource type", typ)
		}
	}
	for _, a := range opts.Targets {
		if g.Node(a) == nil {
			return nil, fmt.Errorf("plan: target %s is not in the graph", a)
		}
		p.include(a)
	}
	if err := p.putAside(); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	p.refs = mentionsIn(p.w, p.w.copies...)
	return p, nil
}

// include adds a node and what it transitively needs.
func (p *planner) include(a Address) {
	if p.included[a] || p.destroy[a.Owner] {
		return
	}
	p.included[a] = true
	for _, e := range p.g.Node(a).Edges() {
		p.include(e.To)
	}
}

// judgeNodes decides on every node, after the nodes that it needs.
func (p *planner) judgeNodes() {
	for _, n := range p.g.Nodes() {
		p.judge(n)
	}
	for _, n := range p.g.Nodes() {
		if v := p.verdicts[n.Address]; v != nil && v.action != nil {
			p.actions = append(p.actions, v.action)
		}
	}
}

func (p *planner) judge(n *Node) {
	a := n.Address
	if p.verdicts[a] != nil || p.destroy[a.Owner] {
		return
	}
	for _, e := range n.Edges() {
		p.judge(p.g.Node(e.To))
	}
	objects := p.w.At(a)
	if !p.included[a] {
		objects = slices.DeleteFunc(objects, func(l Object) bool { return p.duplicates[typedObject{a.Type, l}.key()] })
		v := &verdict{moves: len(objects) == 0}
		if len(objects) > 0 {
			v.object, v.has = objects[0], true
		}
		p.verdicts[a] = v
		return
	}
	object, d, ok := p.choose(n, objects)
	v := &verdict{object: object, has: ok}
	p.verdicts[a] = v
	if !ok {
		v.moves = true
		v.action = p.action(VerbCreate, n, Object{}, p.creation(n))
		return
	}
	p.spoken[typedObject{a.Type, object}.key()] = true
	p.decide(n, v, d)
}

// choose picks the object that the node uses: an object that need not be
// replaced before one that must be (there are both after an interrupted
// replacement), then in the order of Observed.At.
func (p *planner) choose(n *Node, objects []Object) (Object, diff, bool) {
	var best Object
	var bestDiff diff
	found := -1
	for _, l := range objects {
		if l.Foreign != "" {
			continue // creating it again shows whose it is
		}
		if p.duplicates[typedObject{n.Address.Type, l}.key()] {
			continue
		}
		d := p.diff(n, l)
		rank := 0
		switch {
		case l.State == StateStored:
			rank = 4
		case l.State == StateDeleting:
			rank = 3
		case p.dead(l, n.Address.Type):
			rank = 2
		case d.replace:
			rank = 1
		}
		if found < 0 || rank < found {
			best, bestDiff, found = l, d, rank
		}
	}
	return best, bestDiff, found >= 0
}

func (p *planner) dead(l Object, typ string) bool {
	return l.State == StateFailed && p.reg.spec(typ).DeadWhenFailed
}

// decide turns the difference of a node and its object into an action.
func (p *planner) decide(n *Node, v *verdict, d diff) {
	typ := n.Address.Type
	var held []Reason
	if v.object.State != StateDeleting && v.object.State != StateStored {
		if held = p.hold(n, v.object, &d); len(held) > 0 {
			p.stays(typedObject{typ, v.object})
		}
	}
	switch {
	case v.object.State == StateStored:
		v.action = p.action(VerbCreate, n, Object{}, restore(v.object))
		v.moves = true
	case v.object.State == StateDeleting:
		v.action = p.action(VerbCreate, n, v.object, because(CauseSuccessor))
		v.action.first = true
		v.moves = true
	case (p.dead(v.object, typ) || d.replace) && p.lost(n, v.object) != "":
		// Nobody has consented to losing data for good.
		v.action = p.action(VerbLeave, n, v.object, becauseSaid(CauseLosesData, p.lost(n, v.object)))
		v.action.Estimate = 0
		p.stays(typedObject{typ, v.object})
	case p.dead(v.object, typ):
		v.action = p.action(VerbReplace, n, v.object, becauseSaid(CauseFailed, values.Cut(v.object.Detail)))
		v.action.first = true
		v.moves = true
	case d.replace:
		v.action = p.action(VerbReplace, n, v.object, append(d.reasons, held...)...)
		v.action.first = p.reg.spec(typ).Alone || d.first
		v.moves = true
		if keep := p.reg.spec(typ).Keep; keep != "" && !v.action.first {
			v.action.KeepOld = true
			v.action.Reasons = append(v.action.Reasons, becauseSaid(CauseOldStays, keep))
		}
	case len(held) > 0 && len(d.changed) == 0 && !d.tags:
		v.action = p.action(VerbLeave, n, v.object, held...)
		v.action.Estimate = 0
	case len(d.changed) > 0 || d.tags:
		v.action = p.action(VerbUpdate, n, v.object, append(d.reasons, held...)...)
		v.action.changed = d.changed
		v.moves = len(d.changed) > 0 && p.reg.spec(typ).Revises
	case d.record:
		v.action = p.action(VerbRecord, n, v.object, because(CauseNoted))
	case v.object.State == StatePending && p.reg.polls(typ):
		v.action = p.action(VerbWait, n, v.object, becauseSaid(CauseNotReady, values.Cut(v.object.Detail)))
	case p.settling(typ, v.object):
		v.action = p.action(VerbWait, n, v.object, becauseSaid(CauseNew, p.reg.spec(typ).Settling))
		v.action.Estimate = p.reg.spec(typ).SettleIn
	}
}

// settling says whether an object that is ready may not be usable yet.
func (p *planner) settling(typ string, l Object) bool {
	return p.reg.spec(typ).SettleIn > 0 && l.State == StateReady && p.opts.Settling != nil && p.opts.Settling(l)
}

// lost says why deleting a node's object would lose data; empty if it would
// not.
func (p *planner) lost(n *Node, object Object) string {
	typ, _ := p.reg.Lookup(n.Address.Type)
	_, lost := typ.Keeps(object)
	return lost
}

// action makes an action for a node, with the verb's typical time.
func (p *planner) action(v Verb, n *Node, object Object, reasons ...Reason) *Action {
	if !p.opts.ShowValues {
		reasons = withoutVariables(n.Resource, reasons)
	}
	a := &Action{Verb: v, Address: n.Address, Type: n.Address.Type, ID: object.ID,
		Reasons: reasons, node: n, object: object}
	spec := p.reg.spec(a.Type)
	a.settles = object.State != StateReady || v == VerbReplace || p.settling(a.Type, object)
	if v != VerbRecord && p.reg.polls(a.Type) {
		a.Estimate = spec.ReadyIn
		if a.settles {
			a.Estimate += spec.SettleIn
		}
		if v == VerbReplace {
			a.Estimate += spec.GoneIn
		}
	}
	return a
}
