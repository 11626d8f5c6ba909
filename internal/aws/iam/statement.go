package iam

import (
	"encoding/json"
	"maps"

	"github.com/berthdev/berth/internal/engine"
)

// Statement is a permission for objects whose ARNs may not be known yet.
type Statement struct {
	Actions   []string
	Resources []engine.Ref
	// Equals maps condition keys to the values that they must have; all must
	// hold.
	Equals map[string]engine.Ref
}

// statementPolicy is the name of the inline policy that holds the statements.
const statementPolicy = "berth"

// wireStatement is a Statement as IAM writes it.
type wireStatement struct {
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string]string `json:",omitempty"`
}

// wirePolicy is a policy document.
type wirePolicy struct {
	Version   string
	Statement []wireStatement
}

// equals is the operator of all conditions.
const equals = "StringEquals"

// ownPolicies returns all inline policies of a role: Inline, and the policy
// with its statements.
func (r Role) ownPolicies() map[string]string {
	if len(r.Statements) == 0 {
		return r.Inline
	}
	doc := wirePolicy{Version: "2012-10-17"}
	for _, s := range r.Statements {
		w := wireStatement{Effect: "Allow", Action: s.Actions, Resource: engine.Values(s.Resources)}
		if len(s.Equals) > 0 {
			values := map[string]string{}
			for k, v := range s.Equals {
				values[k] = v.Value()
			}
			w.Condition = map[string]map[string]string{equals: values}
		}
		doc.Statement = append(doc.Statement, w)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return r.Inline // strings can always be encoded
	}
	all := maps.Clone(r.Inline)
	if all == nil {
		all = map[string]string{}
	}
	all[statementPolicy] = string(text)
	return all
}

// showPolicies sets Inline and Statements from a role's inline policies. A
// document under the statements' name that berth did not write stays a
// document.
func (r *Role) showPolicies(docs map[string]string) {
	r.Inline = docs
	var doc wirePolicy
	if json.Unmarshal([]byte(docs[statementPolicy]), &doc) != nil {
		return
	}
	var statements []Statement
	for _, w := range doc.Statement {
		s := Statement{Actions: w.Action, Resources: engine.Lits(w.Resource...)}
		for k, v := range w.Condition[equals] {
			if s.Equals == nil {
				s.Equals = map[string]engine.Ref{}
			}
			s.Equals[k] = engine.Lit(v)
		}
		statements = append(statements, s)
	}
	again := Role{Statements: statements}.ownPolicies()[statementPolicy]
	if canonical(again) != canonical(docs[statementPolicy]) {
		return
	}
	r.Statements = statements
	r.Inline = maps.Clone(docs)
	delete(r.Inline, statementPolicy)
}
