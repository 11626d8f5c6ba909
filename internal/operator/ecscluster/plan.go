package ecscluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/plantext"
)

// PlanFor compares what an object asks for, its graph with one node, with the
// cluster that there is; nil if there is none. A cluster that may be taken over
// counts as the object's own that was never asked for anything.
func PlanFor(acc *account.Account, g *engine.Graph, n *engine.Node, object *engine.Object, c Claim) (*engine.Plan, error) {
	observed := engine.NewObserved(n.Address.Owner)
	opts := engine.PlanOptions{Now: acc.Clock.Now()}
	if c == Mine || c == Granted {
		own := *object
		if c == Granted {
			own.Address, own.LastApplied = n.Address, ""
		}
		observed.Add(n.Address.Type, own)
	}
	return engine.MakePlan(g, observed, acc.Registry, opts)
}

// Describe is an action in a line: its verb and its reasons.
func Describe(a *engine.Action) string {
	var parts []string
	for _, r := range a.Reasons {
		parts = append(parts, plantext.Reason(r))
	}
	return string(a.Verb) + ": " + strings.Join(parts, "; ")
}

// ChangesIn are all changes of a plan in a line.
func ChangesIn(plan *engine.Plan) string {
	var parts []string
	for _, a := range plan.Actions {
		if a.Verb == engine.VerbRecord {
			parts = append(parts, "the operator's tags are added, nothing else changes")
			continue
		}
		parts = append(parts, Describe(a)+"; the operator's tags are added")
	}
	if len(parts) == 0 {
		return "nothing changes"
	}
	return strings.Join(parts, "; ")
}

// PaidInsights says that leaving out the settings turns on what CloudWatch
// bills for; empty if the plan does not.
func PaidInsights(o *v1alpha1.ECSCluster, plan *engine.Plan) string {
	if len(o.Spec.Settings) > 0 {
		return ""
	}
	for _, a := range plan.Actions {
		turnsOn := a.Verb == engine.VerbCreate || a.Verb == engine.VerbUpdate &&
			slices.ContainsFunc(a.Reasons, func(r engine.Reason) bool { return r.Attr == "insights" })
		if turnsOn {
			return "spec.settings is left out, which means containerInsights enabled, as with infra-operator: CloudWatch bills for it. " +
				"To save that, write settings: [{name: containerInsights, value: disabled}]"
		}
	}
	return ""
}

// ProviderNotes are what infra-operator ignored in a provider and the operator
// does not.
func ProviderNotes(p *v1alpha1.AWSProvider) []string {
	var notes []string
	if p.Spec.RoleARN != "" {
		notes = append(notes, fmt.Sprintf("AWSProvider %s/%s: roleARN is honoured now, infra-operator ignored it: %s must trust the operator's service account",
			p.Namespace, p.Name, p.Spec.RoleARN))
	}
	if p.Spec.AssumeRoleARN != "" {
		notes = append(notes, fmt.Sprintf("AWSProvider %s/%s: assumeRoleARN works now, infra-operator refused it: %s must trust the operator's role",
			p.Namespace, p.Name, p.Spec.AssumeRoleARN))
	}
	if len(p.Spec.DefaultTags) > 0 {
		notes = append(notes, fmt.Sprintf("AWSProvider %s/%s: defaultTags are set on clusters now, infra-operator ignored them", p.Namespace, p.Name))
	}
	return notes
}
