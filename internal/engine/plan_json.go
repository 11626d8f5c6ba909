package engine

import (
	"encoding/json"
	"time"
)

// PlanVersion is the schema version of a plan's JSON form. A change that
// breaks readers raises it.
const PlanVersion = 1

// PlanRecord is a plan in its stable form. Fields are only ever added to it.
type PlanRecord struct {
	Version     int       `json:"version"`
	Made        time.Time `json:"made"`
	Fingerprint string    `json:"fingerprint"`
	Estimate    float64   `json:"estimate_seconds"`
	Unchanged   int       `json:"unchanged"`
	// Actions are those of the plan, in its order.
	Actions []ActionRecord `json:"actions"`
}

// ActionRecord is an action of a PlanRecord.
type ActionRecord struct {
	Verb     Verb     `json:"verb"`
	Owner    string   `json:"owner,omitempty"`
	Address  string   `json:"address,omitempty"`
	Type     string   `json:"type"`
	ID       string   `json:"id,omitempty"`
	Reasons  []Reason `json:"reasons"`
	Estimate float64  `json:"estimate_seconds"`
	KeepOld  bool     `json:"keep_old,omitempty"`
}

// Record is the plan in its stable form, schema version 1.
func (p *Plan) Record() PlanRecord {
	out := PlanRecord{Version: PlanVersion, Made: p.Made, Fingerprint: p.Fingerprint,
		Estimate: p.Estimate.Seconds(), Unchanged: p.Unchanged, Actions: []ActionRecord{}}
	for _, a := range p.Actions {
		j := ActionRecord{Verb: a.Verb, Type: a.Type, ID: a.ID, Reasons: a.Reasons,
			Estimate: a.Estimate.Seconds(), KeepOld: a.KeepOld}
		if !a.Address.IsZero() {
			j.Owner, j.Address = a.Address.Owner.String(), a.Address.String()
		}
		out.Actions = append(out.Actions, j)
	}
	return out
}

// MarshalJSON writes the plan's Record.
func (p *Plan) MarshalJSON() ([]byte, error) { return json.Marshal(p.Record()) }
