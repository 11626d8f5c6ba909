package engine

import (
	"encoding/json"
	"fmt"
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

// UnmarshalJSON reads what MarshalJSON wrote. The plan can be shown and
// compared, not applied.
func (p *Plan) UnmarshalJSON(data []byte) error {
	var in PlanRecord
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	if in.Version != PlanVersion {
		return fmt.Errorf("plan: it has version %d, this berth reads version %d", in.Version, PlanVersion)
	}
	*p = Plan{Made: in.Made, Fingerprint: in.Fingerprint, Unchanged: in.Unchanged, Estimate: seconds(in.Estimate)}
	for i, j := range in.Actions {
		a := &Action{Verb: j.Verb, Type: j.Type, ID: j.ID, Reasons: j.Reasons,
			Estimate: seconds(j.Estimate), KeepOld: j.KeepOld}
		if j.Address != "" {
			o, err := ParseOwner(j.Owner)
			if err != nil {
				return fmt.Errorf("plan: action %d: %w", i, err)
			}
			if a.Address, err = ParseAddress(o, j.Address); err != nil {
				return fmt.Errorf("plan: action %d: %w", i, err)
			}
		}
		p.Actions = append(p.Actions, a)
	}
	return nil
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
