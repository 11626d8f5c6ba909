package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/engine"
)

// condition is how a resource stands to what the files ask for.
type condition string

const (
	isFailed     condition = "failed"
	isUnreadable condition = "unreadable"
	isDrifted    condition = "drifted"
	isMissing    condition = "missing"
	isChanging   condition = "to_change"
	isPending    condition = "pending"
	isOrphan     condition = "not_in_files"
	isRight      condition = "ok"
)

// The states of resources that AWS did not show.
const (
	stateMissing    = "missing"
	stateUnreadable = "not readable"
)

// conditionOf judges a resource; orphan says that the files have none at its address.
func (i *infraItem) conditionOf(orphan bool) condition {
	switch {
	case i.State == string(engine.StateFailed):
		return isFailed
	case i.State == stateUnreadable:
		return isUnreadable
	case orphan:
		return isOrphan
	case i.State == stateMissing:
		return isMissing
	case len(i.Drift) > 0:
		return isDrifted
	case len(i.Changes) > 0:
		return isChanging
	case i.State != string(engine.StateReady):
		return isPending
	}
	return isRight
}

// group is a heading of infra status with what to do about the resources below it.
type group struct {
	of            condition
	heading, then string
}

// groups are all of them, the most urgent ones first.
func groups() []group {
	return []group{
		{isFailed, "failed", "`berth up` repairs or replaces them"},
		{isUnreadable, "not readable", "the credentials must not read them"},
		{isDrifted, "changed outside berth", "`berth up` corrects this"},
		{isMissing, "missing", "`berth up` makes them"},
		{isChanging, "to change", "the files ask for something else: `berth up` changes them"},
		{isPending, "not ready", "AWS is still working on them"},
		{isOrphan, "not in the files", "`berth plan` says what up does with them"},
		{isRight, "as the files ask for", ""},
	}
}

// idWidth is the length of the longest id that AWS generates, a task's.
const idWidth = 32

// printInventory writes a table for each condition, exceptions first, with the
// reasons below it.
func (v *infraVerb) printInventory(items []infraItem) error {
	first := true
	for _, g := range groups() {
		of := slices.DeleteFunc(slices.Clone(items), func(i infraItem) bool { return i.Condition != g.of })
		if len(of) == 0 {
			continue
		}
		if !first {
			v.Print("")
		}
		first = false
		heading := fmt.Sprintf("# %s: %d", g.heading, len(of))
		if g.then != "" {
			heading += "; " + g.then
		}
		v.Print("%s", v.InFull(heading))
		if err := v.printGroup(of); err != nil {
			return err
		}
	}
	return nil
}

func (v *infraVerb) printGroup(items []infraItem) error {
	rows := make([][]string, 0, len(items))
	for _, i := range items {
		state := i.State
		if i.Detail != "" && !strings.EqualFold(i.Detail, "active") && !strings.EqualFold(i.Detail, "available") {
			state += " (" + i.Detail + ")"
		}
		rows = append(rows, []string{i.Address, state, ansi.Truncate(render.ShortARN(i.ID), idWidth, "…")})
	}
	if err := render.Table(v.Streams.Out, rows); err != nil {
		return err
	}
	for _, i := range items {
		for _, r := range slices.Concat(i.Drift, i.Changes) {
			v.Print("%s: %s", i.Address, v.InFull(fmt.Sprint(r)))
		}
	}
	return nil
}
