package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// plan makes the plan from the planner's verdicts.
func (p *planner) plan() *Plan {
	out := &Plan{Made: p.opts.Now, graph: p.g, observed: p.w,
		kept: map[Address]Object{}, adopt: p.opts.Adopt}
	out.Actions = slices.Concat(p.actions, p.last)
	for a, v := range p.verdicts {
		if v.has && (v.action == nil || v.action.Verb != VerbCreate) {
			out.kept[a] = v.object
		}
		if p.included[a] && v.action == nil {
			out.Unchanged++
		}
	}
	owners := ownerOrder(out.Actions)
	slices.SortStableFunc(out.Actions, func(a, b *Action) int {
		return owners[a.Owner()] - owners[b.Owner()]
	})
	out.steps = stepsOf(p, out.Actions)
	out.Estimate = estimate(out.steps)
	out.Fingerprint = p.fingerprint(out.Actions)
	return out
}

// ownerOrder numbers the owners: environments first, otherwise in the order of
// the actions.
func ownerOrder(actions []*Action) map[Owner]int {
	order := map[Owner]int{}
	for _, env := range []bool{true, false} {
		for _, a := range actions {
			o := a.Owner()
			if _, seen := order[o]; !seen && o.IsEnvironment() == env {
				order[o] = len(order)
			}
		}
	}
	return order
}

// fingerprint hashes what the plan was made from and what it does. It leaves
// out states, and attributes that others may write: these change without berth,
// and where such a change matters the actions differ.
func (p *planner) fingerprint(actions []*Action) string {
	h := sha256.New()
	moving := p.movingAttrs()
	for _, typ := range slices.Sorted(slices.Values(p.w.Types())) {
		for _, l := range p.w.Objects(typ) {
			attrs := maps.Clone(l.Attrs)
			for name := range moving[typ] {
				delete(attrs, name)
			}
			writeJSON(h, typ, l.ID, l.Address, attrs, l.Tags, l.LastApplied)
		}
	}
	for _, n := range p.g.Nodes() {
		writeJSON(h, n.Address, AttrsOf(n.Resource), n.Labels)
	}
	for _, a := range actions {
		writeJSON(h, a.Verb, a.Address, a.Type, a.ID, a.changed, a.first, a.KeepOld, a.erase)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// movingAttrs are, by type, the attributes that others create or change, so
// that a change in them does not make a saved plan out of date.
func (p *planner) movingAttrs() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, n := range p.g.Nodes() {
		for _, a := range AttrsOf(n.Resource) {
			if !a.External && !a.Create {
				continue
			}
			if out[n.Address.Type] == nil {
				out[n.Address.Type] = map[string]bool{}
			}
			out[n.Address.Type][a.Name] = true
		}
	}
	return out
}

func writeJSON(w io.Writer, values ...any) {
	// Encoding plain structs and strings into a hash cannot fail.
	if err := json.NewEncoder(w).Encode(values); err != nil {
		panic(fmt.Sprintf("engine: hashing a plan: %v", err))
	}
}
