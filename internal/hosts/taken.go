package hosts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// RecordsTakenError says which names of the file others have records for.
type RecordsTakenError struct{ Lines []string }

func (e *RecordsTakenError) Error() string {
	return "records that berth did not make are in the way: " + strings.Join(e.Lines, "; ")
}

// Remedy is what the user can do.
func (*RecordsTakenError) Remedy() string {
	return "delete them, choose other names, or take them over with --adopt and the address in brackets; nothing was changed"
}

// CheckRecords refuses a plan that makes a record where somebody else has one,
// unless its address is among those that the user adopts.
func (h *Hosts) CheckRecords(ctx context.Context, plan *engine.Plan, g *engine.Graph, w *engine.Observed, adopt []string) error {
	wanted := map[engine.Address]engine.Resource{}
	for _, a := range plan.Actions {
		node := g.Node(a.Address)
		if node != nil && a.Verb == engine.VerbCreate && !slices.Contains(adopt, a.Address.String()) {
			wanted[a.Address] = node.Resource
		}
	}
	balancer, _ := w.Object(blueprint.Balancer(h.App))
	var lines []string
	for _, p := range h.providers() {
		found, err := p.Taken(ctx, wanted, balancer.Output("dns"))
		if err != nil {
			return err
		}
		lines = append(lines, found...)
	}
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	return &RecordsTakenError{Lines: lines}
}

// inTheWay says what is where a record is wanted.
func inTheWay(name, kind, values, owner string, a engine.Address) string {
	whose := "it has no berth mark"
	if owner != "" {
		whose = "it belongs to " + owner
	}
	return fmt.Sprintf("%s %s is %s, %s [%s]", name, kind, strings.TrimSpace(values), whose, a)
}
