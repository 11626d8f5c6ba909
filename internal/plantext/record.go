package plantext

import (
	"time"

	"github.com/berthdev/berth/internal/engine"
)

// Version is the schema version of a plan's JSON form. A change that breaks readers
// increments it.
const Version = 1

// Record is a plan in its stable form. Fields are only ever added to it.
type Record struct {
	Version     int       `json:"version"`
	Made        time.Time `json:"made"`
	Fingerprint string    `json:"fingerprint"`
	Estimate    float64   `json:"estimate_seconds"`
	Unchanged   int       `json:"unchanged"`
	// Actions are the actions of the plan, in the same order.
	Actions []ActionRecord `json:"actions"`
}

// ActionRecord is an action of a Record.
type ActionRecord struct {
	Verb     engine.Verb    `json:"verb"`
	Owner    string         `json:"owner,omitempty"`
	Address  string         `json:"address,omitempty"`
	Type     string         `json:"type"`
	ID       string         `json:"id,omitempty"`
	Reasons  []ReasonRecord `json:"reasons"`
	Estimate float64        `json:"estimate_seconds"`
	KeepOld  bool           `json:"keep_old,omitempty"`
}

// ReasonRecord is a reason of an ActionRecord.
type ReasonRecord struct {
	Attr   string `json:"attr,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Why is the cause in words, which may change; Cause is its kind, which does not.
	Why   string           `json:"why"`
	Cause engine.CauseKind `json:"cause,omitempty"`
}

// RecordOf returns a plan in its stable form, schema version 1.
func RecordOf(p *engine.Plan) Record {
	out := Record{Version: Version, Made: p.Made, Fingerprint: p.Fingerprint,
		Estimate: p.Estimate.Seconds(), Unchanged: p.Unchanged, Actions: []ActionRecord{}}
	for _, a := range p.Actions {
		j := ActionRecord{Verb: a.Verb, Type: a.Type, ID: a.ID, Reasons: ReasonRecords(a.Reasons),
			Estimate: a.Estimate.Seconds(), KeepOld: a.KeepOld}
		if !a.Address.IsZero() {
			j.Owner, j.Address = a.Address.Owner.String(), a.Address.String()
		}
		out.Actions = append(out.Actions, j)
	}
	return out
}

// ReasonRecords returns reasons in their stable form.
func ReasonRecords(reasons []engine.Reason) []ReasonRecord {
	out := make([]ReasonRecord, len(reasons))
	for i, r := range reasons {
		out[i] = recordOf(r)
	}
	return out
}

func recordOf(r engine.Reason) ReasonRecord {
	return ReasonRecord{Attr: r.Attr, Before: r.Before, After: r.After, Why: Words(r.Cause), Cause: r.Cause.Kind}
}
