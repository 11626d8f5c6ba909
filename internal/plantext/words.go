package plantext

import (
	"fmt"

	"github.com/berthdev/berth/internal/engine"
)

// fixed are the words of the causes that need no facts.
var fixed = map[engine.CauseKind]string{
	engine.CauseEdited:      "edited",
	engine.CauseDrift:       "changed outside berth",
	engine.CauseReverted:    "rolled back by AWS",
	engine.CauseUnfinished:  "the last run has not finished it",
	engine.CauseDiffers:     "differs",
	engine.CauseUnset:       "may never have been set",
	engine.CauseMissing:     "does not exist yet",
	engine.CauseSuccessor:   "the current one is being deleted",
	engine.CauseFailed:      "it has failed",
	engine.CauseNotReady:    "not ready yet",
	engine.CauseNew:         "new",
	engine.CauseNoted:       "as desired; only berth's record of it is out of date",
	engine.CauseTeardown:    "everything is deleted",
	engine.CauseOrphan:      "no longer in the files",
	engine.CauseOrphanStays: "no longer in the files; --remove-orphans removes it",
	engine.CauseDeleting:    "AWS is deleting it",
	engine.CauseIdle:        "nothing uses it, and no completed run could have left it unused",
}

// of are the words of the causes that name another object.
var of = map[engine.CauseKind]string{
	engine.CauseFollows:    "follows %s",
	engine.CauseRestored:   "restored from %s",
	engine.CauseSecond:     "a duplicate of %s",
	engine.CauseOldUsed:    "the old one stays: still used by %s",
	engine.CauseUsed:       "still used by %s",
	engine.CauseStored:     "its data is kept in %s",
	engine.CauseCopiedTags: "not berth's: its tags were copied from an object with another %s",
	engine.CauseUsedByCopy: "not berth's: its tags were copied, and %s uses it",
	engine.CauseBelongs:    "belongs to %s",
	engine.CauseUnclear:    "berth cannot tell whether this or %s is its own",
}

// Words describes a cause in a few words.
func Words(c engine.Cause) string {
	text, known := fixed[c.Kind]
	if pattern, ok := of[c.Kind]; ok {
		text, known = fmt.Sprintf(pattern, c.Of), true
	}
	switch {
	case c.Kind == engine.CauseHeld:
		text = "stays: " + c.Detail
	case c.Kind == engine.CauseOldStays:
		text = "the old one stays: " + c.Detail
	case c.Kind == engine.CauseDataOnDemand:
		text = c.Detail + "; only --delete-data deletes it, with its data"
	case c.Kind == engine.CauseSecond && c.Detail != "":
		text += ", " + c.Detail
	case c.Kind == engine.CauseSecond && c.Asked:
		text += ", as requested"
	case known && c.Detail != "":
		text += ": " + c.Detail
	case !known:
		text = c.Detail // the words of a type, or of the plan's caller
	}
	if c.More > 0 {
		text += ", and " + Counted(c.More, "more change")
	}
	if way := c.Way.String(); way != "" {
		text += "; " + way
	}
	return text
}
