package plantext

import (
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// keepers are the types whose objects hold data. What of them is deleted or
// replaced is named once more at the end of a plan.
var keepers = map[string]bool{
	"rds.instance": true, "elasticache.replication-group": true, "efs.file-system": true,
	"s3files.file-system": true, "ssm.secret": true, "ssm.password": true, "logs.log-group": true,
	"cloudflare.zone": true, "route53.hosted-zone": true,
}

// Stake says in one line which data a plan deletes, and which it deletes with a
// copy that stays; empty if it deletes none.
func Stake(p *engine.Plan) string {
	type kind struct{ what, end string }
	names := map[kind][]*engine.Action{}
	var order []kind
	for _, a := range p.Actions {
		deletes := a.Verb == engine.VerbDelete || a.Verb == engine.VerbReplace && !a.KeepOld
		if !deletes || !keepers[a.Type] && !a.LosesData() {
			continue
		}
		k := kind{Noun(a.Type), endOf(a)}
		if names[k] == nil {
			order = append(order, k)
		}
		names[k] = append(names[k], a)
	}
	var out []string
	for _, k := range order {
		said := sortedNames(names[k])
		what := k.what + " " + listed(said)
		if len(said) > 1 {
			what = plural(k.what) + " " + listed(said)
		}
		out = append(out, what+" ("+k.end+")")
	}
	if len(out) == 0 {
		return ""
	}
	return "Data at stake: " + strings.Join(out, "; ")
}

// endOf is what becomes of the data of an object that is deleted.
func endOf(a *engine.Action) string {
	for _, r := range a.Reasons {
		if r.Cause.Kind == engine.CauseLeaves {
			return r.Cause.Detail
		}
	}
	return "deleted for good"
}

// StakeLines is Stake as lines for a terminal of that many columns; none if there is
// nothing to say.
func StakeLines(p *engine.Plan, columns int) []Line {
	text := Stake(p)
	if text == "" {
		return nil
	}
	var out []Line
	for _, line := range folded(text, 0, Width(columns)) {
		out = append(out, Line{Tone: Danger, Head: line})
	}
	return out
}
