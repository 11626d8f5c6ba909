package world

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Policy is an IAM identity policy.
type Policy struct {
	Statement OneOrMany[statement]
}

type statement struct {
	Sid       string
	Effect    string
	Action    OneOrMany[string]
	NotAction OneOrMany[string]
	Resource  OneOrMany[string]
	Condition conditions
}

// OneOrMany reads both of the forms that IAM allows for a list.
type OneOrMany[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (o *OneOrMany[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]T)(o))
	}
	var one T
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*o = []T{one}
	return nil
}

// parsePolicy reads a policy; nil allows everything.
func parsePolicy(document []byte) (*Policy, error) {
	if document == nil {
		return nil, nil
	}
	p := &Policy{}
	if err := json.Unmarshal(document, p); err != nil {
		return nil, fmt.Errorf("identity policy: %w", err)
	}
	return p, nil
}

// Allows evaluates as IAM does: an explicit Deny wins, then any Allow. A call
// without a specific resource ("*") matches every Allow's resources, so that a
// policy can name resources that the record does not know; it only matches a
// Deny whose resource is "*" too.
func (p *Policy) Allows(action, resource string) bool {
	return p.allowsWith(action, resource, nil)
}

// AllowsWith is Allows with facts about the call for the conditions.
func (p *Policy) AllowsWith(action, resource string, known Facts) bool {
	return p.allowsWith(action, resource, known)
}

// allowsWith evaluates with the facts about the call for conditions.
func (p *Policy) allowsWith(action, resource string, known Facts) bool {
	if p == nil {
		return true
	}
	allowed := false
	for _, s := range p.Statement {
		if !s.covers(action) || !s.Condition.hold(known) {
			continue
		}
		if s.Effect == "Deny" {
			if MatchAny(s.Resource, resource, false) {
				return false
			}
			continue
		}
		allowed = allowed || resource == "*" || MatchAny(s.Resource, resource, false)
	}
	return allowed
}

// Add adds the statements of a document; one that is no policy has none.
func (p *Policy) Add(document string) {
	var more Policy
	if json.Unmarshal([]byte(document), &more) == nil {
		p.Statement = append(p.Statement, more.Statement...)
	}
}

// Denies reports whether a statement denies an action in so many words.
func (p *Policy) Denies(action, resource string) bool {
	for _, s := range p.Statement {
		if s.Effect == "Deny" && s.covers(action) && s.Condition.hold(nil) && MatchAny(s.Resource, resource, false) {
			return true
		}
	}
	return false
}

// covers reports whether a statement is about an action.
func (s statement) covers(action string) bool {
	if len(s.NotAction) > 0 {
		return !MatchAny(s.NotAction, action, true)
	}
	return MatchAny(s.Action, action, true)
}

// MatchAny matches a text against IAM's wildcards * and ?. Actions are not
// case-sensitive, resources are.
func MatchAny(patterns []string, text string, fold bool) bool {
	for _, p := range patterns {
		t := text
		if fold {
			p, t = strings.ToLower(p), strings.ToLower(t)
		}
		if wildcard(p, t) {
			return true
		}
	}
	return false
}

// wildcard is iterative, with a single point to backtrack to: linear in
// practice and never exponential.
func wildcard(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
