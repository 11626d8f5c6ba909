package deploy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

// SavedPlan is a plan with its target and its source, as `plan --json` writes it
// and `up --plan` reads it. Its fingerprint is a hash of its whole content, so that
// berth applies exactly what a person has reviewed.
type SavedPlan struct {
	plantext.Record
	// World is a hash of what the plan was made from: AWS and the files.
	World       string `json:"world"`
	Account     string `json:"account"`
	Region      string `json:"region"`
	Environment string `json:"environment"`
	Project     string `json:"project"`
	Source      string `json:"source"`
}

// Save returns the plan with its target and its source.
func (p *Plan) Save() SavedPlan {
	s := p.session
	out := SavedPlan{
		Record: plantext.RecordOf(p.Plan), World: p.Fingerprint, Account: s.id.Account, Region: s.id.Region,
		Environment: s.app.Env, Project: s.app.Name, Source: s.app.Source.String(),
	}
	out.Fingerprint = out.sum()
	return out
}

// sum is the hash of everything in the plan except the time when it was made and
// its estimate.
func (v SavedPlan) sum() string {
	v.Fingerprint, v.Made, v.Estimate = "", time.Time{}, 0
	data, err := json.Marshal(v)
	if err != nil {
		return "" // plain structs and strings can be encoded
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// ReadPlan reads a saved plan from a source that is not trusted. The error says
// what is wrong with it: it is not a plan, it has another version, or it was
// changed.
func ReadPlan(data []byte) (SavedPlan, error) {
	var v SavedPlan
	if err := json.Unmarshal(data, &v); err != nil {
		return v, err
	}
	if v.Version != plantext.Version {
		return v, fmt.Errorf("it has version %d, this berth reads version %d", v.Version, plantext.Version)
	}
	if v.World == "" || v.Fingerprint == "" {
		return v, fmt.Errorf("it has no fingerprint")
	}
	if err := sameText(data, v); err != nil {
		return v, err
	}
	if v.Fingerprint != v.sum() {
		return v, &EditedPlanError{}
	}
	return v, nil
}

// sameText checks that a person reads the same in the file as berth did: Go takes
// "Actions" for the key "actions", a person may not.
func sameText(data []byte, v SavedPlan) error {
	var text, read map[string]any
	back, err := json.Marshal(v)
	if err != nil {
		return err
	}
	for _, side := range []struct {
		data []byte
		into *map[string]any
	}{{data, &text}, {back, &read}} {
		d := json.NewDecoder(bytes.NewReader(side.data))
		if err := d.Decode(side.into); err != nil {
			return err
		}
	}
	delete(read, "made") // a moment can be written in several ways
	for key, want := range read {
		if !reflect.DeepEqual(text[key], want) {
			return &EditedPlanError{Key: key}
		}
	}
	return nil
}

// EditedPlanError says that a saved plan is not as `plan --json` wrote it.
type EditedPlanError struct{ Key string }

func (e *EditedPlanError) Error() string {
	if e.Key != "" {
		return fmt.Sprintf("it was changed after it was saved, at %q", e.Key)
	}
	return "it was changed after it was saved: its fingerprint does not match its content"
}

// OtherPlanError says that a saved plan was made for something else.
type OtherPlanError struct {
	// What is "account", "region" and so on; Plan is what the plan has of it, Here
	// what this run has.
	What, Plan, Here string
}

func (e *OtherPlanError) Error() string {
	return fmt.Sprintf("the plan is for %s %s, and this is %s %s: nothing was changed", e.What, e.Plan, e.What, e.Here)
}

// Remedy is what the user can do.
func (e *OtherPlanError) Remedy() string {
	return "apply it where it was made for, or make a new one: `berth plan --json`"
}

// Check compares a saved plan with the one that was just made. The error is an
// *OtherPlanError, or an *engine.MovedError when AWS or the files have changed.
func (v SavedPlan) Check(p *Plan) error {
	now := p.Save()
	for _, c := range []OtherPlanError{
		{"project", v.Project, now.Project}, {"environment", v.Environment, now.Environment},
		{"account", v.Account, now.Account}, {"region", v.Region, now.Region},
	} {
		if c.Plan != c.Here {
			return &c
		}
	}
	if !app.ReadSource(v.Source).Same(app.ReadSource(now.Source)) {
		return &OtherPlanError{"source", v.Source, now.Source}
	}
	now.Source = v.Source // the same source can be written in two ways
	if v.World != now.World || v.sum() != now.sum() {
		return &engine.MovedError{Saved: v.Made, Was: len(v.Actions), Is: len(now.Actions)}
	}
	return nil
}
