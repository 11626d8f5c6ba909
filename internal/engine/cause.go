package engine

import (
	"fmt"
	"strings"
)

// CauseKind is the kind of a Cause. Its values are part of the JSON form of
// plans: new ones may be added, but none may be renamed.
type CauseKind string

// The kinds of causes. Each says which fields of Cause it fills in.
const (
	// CauseEdited: the desired state asks for another value than before.
	CauseEdited CauseKind = "edited"
	// CauseDrift: somebody else changed the object since berth last did.
	CauseDrift CauseKind = "drift"
	// CauseReverted: the provider has put the attribute back to an earlier value:
	// Detail.
	CauseReverted CauseKind = "reverted"
	// CauseUnfinished: a run that did not finish has left an interim value.
	CauseUnfinished CauseKind = "unfinished"
	// CauseDiffers: the values differ, and it is not known who changed one.
	CauseDiffers CauseKind = "differs"
	// CauseFollows: the attribute refers to another resource, Of, which gets a
	// new object.
	CauseFollows CauseKind = "follows"
	// CauseUnset: nothing shows that the attribute was ever set.
	CauseUnset CauseKind = "unset"

	// CauseMissing: there is no object yet.
	CauseMissing CauseKind = "missing"
	// CauseBegins: the new object begins with the data that Detail names.
	CauseBegins CauseKind = "begins"
	// CauseRestored: the new object begins with the data of the copy Of.
	CauseRestored CauseKind = "restored"
	// CauseSuccessor: the present object is being deleted.
	CauseSuccessor CauseKind = "successor"
	// CauseFailed: the object has failed. Detail is the reason, if it is known.
	CauseFailed CauseKind = "failed"
	// CauseNotReady: the object is not ready yet. Detail is its state, if it is
	// known.
	CauseNotReady CauseKind = "not-ready"
	// CauseNew: the object is new, and cannot be used before Detail has
	// happened.
	CauseNew CauseKind = "new"
	// CauseNoted: the object is as desired, and only its tag TagLastApplied is
	// stale.
	CauseNoted CauseKind = "noted"

	// CauseTeardown: everything of the owner is deleted.
	CauseTeardown CauseKind = "teardown"
	// CauseOrphan: the desired state has no such resource.
	CauseOrphan CauseKind = "orphan"
	// CauseDeleting: the object's deletion has begun already.
	CauseDeleting CauseKind = "deleting"
	// CauseSecond: another object, Of, has the same address. Asked says that the
	// user named this one; Detail says how the two differ, and Way what the user
	// can do if the object stays.
	CauseSecond CauseKind = "second"
	// CauseLeaves: the deletion leaves something: Detail.
	CauseLeaves CauseKind = "leaves"

	// CauseHeld: the type does not make this change: Detail.
	CauseHeld CauseKind = "held"
	// CauseOrphanStays: the desired state has no such resource, and the removal
	// of orphans was not asked for.
	CauseOrphanStays CauseKind = "orphan-stays"
	// CauseOldStays: a replacement leaves the old object, because of Detail.
	CauseOldStays CauseKind = "old-stays"
	// CauseOldUsed: a replacement leaves the old object, which Of uses.
	CauseOldUsed CauseKind = "old-used"
	// CauseUsed: Of still uses the object.
	CauseUsed CauseKind = "used"
	// CauseKept: the object stays because its type or the caller says so:
	// Detail.
	CauseKept CauseKind = "kept"
	// CauseLosesData: the change would lose the object's data: Detail.
	CauseLosesData CauseKind = "loses-data"
	// CauseDataOnDemand: the deletion would lose the object's data, Detail, and
	// the user has not asked for that.
	CauseDataOnDemand CauseKind = "data-on-demand"
	// CauseStored: the object is gone and its data is kept in Of.
	CauseStored CauseKind = "stored"
	// CauseForeign: the object is not the owner's: Detail.
	CauseForeign CauseKind = "foreign"
	// CauseCopiedTags: the object's tags were written for an object with another
	// value of the attribute Of.
	CauseCopiedTags CauseKind = "copied-tags"
	// CauseUsedByCopy: Of, whose tags are copied, uses the object.
	CauseUsedByCopy CauseKind = "used-by-copy"
	// CauseBelongs: the object belongs to another one, Of, which is left alone.
	CauseBelongs CauseKind = "belongs"
	// CauseUnclear: it is not known whether the owner's object is this one or
	// Of.
	CauseUnclear CauseKind = "unclear"
	// CauseIdle: nothing uses the object, and no run has died that could have
	// left it unused.
	CauseIdle CauseKind = "idle"
)

// Cause is why an action is necessary. It holds facts, not sentences: the code
// that shows a plan words them. Causes may be compared with ==.
type Cause struct {
	Kind CauseKind
	// Of is the other thing that the cause is about: an address, an id, a copy,
	// an attribute.
	Of string
	// Detail is what a type, its caller or the provider says, in their words.
	Detail string
	// Asked says that the user named the object.
	Asked bool
	// More is the number of further changes of the attribute that are not listed
	// as reasons.
	More int
	// Way is what the user can do about an object that is left alone.
	Way Way
}

// Way is what a user can do about an object that may not be berth's.
type Way struct {
	// Duplicate is the object's TYPE/ID, for PlanOptions.DeleteDuplicates; empty
	// if the user can only take the mark off.
	Duplicate string
	// Untag says how to take berth's mark off the object.
	Untag string
}

// String returns the way as one sentence without a full stop.
func (w Way) String() string {
	if w.Duplicate == "" {
		return w.Untag
	}
	return fmt.Sprintf("if it is not berth's, %s; if it is, --delete-duplicate %s deletes it", w.Untag, w.Duplicate)
}

// Reason says why an action is necessary.
type Reason struct {
	// Attr is the attribute, or a path in it: "containers[web].Image". Empty
	// when the reason is about the whole object.
	Attr string
	// Before and After are the values, cut to a readable length; empty when
	// they are not known or would show a secret.
	Before, After string
	Cause         Cause
}

// Asked says whether the desired state has changed, in the object itself or in
// one that it follows; if not, the object has changed, or it is not known which
// of them has.
func (r Reason) Asked() bool {
	return r.Cause.Kind == CauseEdited || r.Cause.Kind == CauseFollows
}

// String returns the reason for logs and tests: the kind of its cause and the
// facts, without words. Package plantext writes it for people.
func (r Reason) String() string {
	text := string(r.Cause.Kind)
	if r.Cause.Of != "" {
		text += " " + r.Cause.Of
	}
	if r.Cause.Detail != "" {
		text += ": " + r.Cause.Detail
	}
	switch {
	case r.Attr == "":
		return text
	case r.Before == "" && r.After == "":
		return r.Attr + ": " + text
	}
	return fmt.Sprintf("%s: %s -> %s (%s)", r.Attr, r.Before, r.After, text)
}

// String returns the plan's actions for logs and tests, one a line, without
// words. Package plantext writes it for people.
func (p *Plan) String() string {
	var b strings.Builder
	for _, a := range p.Actions {
		fmt.Fprintf(&b, "%s %s %s\n", a.Verb, a.Title(), a.Reasons)
	}
	return b.String()
}

// because is a reason that is about a whole object.
func because(kind CauseKind) Reason { return Reason{Cause: Cause{Kind: kind}} }

// becauseOf is a reason that is about another object as well.
func becauseOf(kind CauseKind, of string) Reason { return Reason{Cause: Cause{Kind: kind, Of: of}} }

// becauseSaid is a reason in the words of a type or of its caller.
func becauseSaid(kind CauseKind, detail string) Reason {
	return Reason{Cause: Cause{Kind: kind, Detail: detail}}
}
