package plantext

import (
	"fmt"

	"github.com/berthdev/berth/internal/engine"
)

// fixed are the words of the causes that need no facts.
var fixed = map[engine.CauseKind]string{
	engine.CauseEdited:      "edited",
	engine.CauseDrift:       "changed outside berth",
	engine.CauseDiffers:     "differs",
	engine.CauseUnset:       "not known to be set",
	engine.CauseMissing:     "not there yet",
	engine.CauseSuccessor:   "the present one is being deleted",
	engine.CauseFailed:      "it has failed",
	engine.CauseNotReady:    "not ready yet",
	engine.CauseNew:         "it is new",
	engine.CauseNoted:       "it is as desired; only berth's note of it is out of date",
	engine.CauseTeardown:    "all of it is deleted",
	engine.CauseOrphan:      "no longer in the files",
	engine.CauseOrphanStays: "no longer in the files; --remove-orphans would remove it",
	engine.CauseDeleting:    "AWS is deleting it",
	engine.CauseIdle:        "nothing uses it, and no run has ended that could have left it so",
}

// of are the words of the causes that name another thing.
var of = map[engine.CauseKind]string{
	engine.CauseFollows:    "follows %s",
	engine.CauseRestored:   "restored from %s",
	engine.CauseSecond:     "a second object beside %s",
	engine.CauseOldUsed:    "the old one stays: still used by %s",
	engine.CauseUsed:       "still used by %s",
	engine.CauseStored:     "its data is kept in %s",
	engine.CauseCopiedTags: "not berth's: its tags are copied, they were written for one with another %s",
	engine.CauseUsedByCopy: "not berth's: its tags are copied, %s uses it",
	engine.CauseBelongs:    "it belongs to %s",
	engine.CauseUnclear:    "nothing tells whether it or %s is berth's",
}

// Words says a cause in a few words. This is the only place that has them.
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
		text += ", as asked for"
	case known && c.Detail != "":
		text += ": " + c.Detail
	case !known:
		text = c.Detail // the words of a type, or of the plan's caller
	}
	if c.More > 0 {
		text += fmt.Sprintf(", and %d more changes", c.More)
	}
	if way := c.Way.String(); way != "" {
		text += "; " + way
	}
	return text
}
