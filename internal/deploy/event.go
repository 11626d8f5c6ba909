package deploy

import (
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// Observer is told of everything that happens in a call, one event at a time. It
// should return soon: the call waits for it. Nil is told nothing.
type Observer func(Event)

// Event is something that happened in a call: a Began, a Noticed, a Waiting, a
// Locked, an Unlocked or a Progress.
type Event interface{ event() }

// Began says that a stage has begun.
type Began struct {
	Time  time.Time
	Stage Stage
}

// Stage is a part of a call.
type Stage string

// The stages of a deployment, in their order. Plan ends with StageDecide, and
// Apply begins with StageLock. Where another run came in between, Apply has the
// stages of Plan again.
const (
	// StageContents reads what images are built from.
	StageContents Stage = "contents"
	// StageObserve reads the locks.
	StageObserve Stage = "observe"
	// StageRead reads what AWS has.
	StageRead Stage = "read"
	// StageDecide makes the plan.
	StageDecide Stage = "decide"
	// StageLock takes the locks.
	StageLock Stage = "lock"
	// StageApply carries the plan out.
	StageApply Stage = "apply"
	// StageRecord writes the release down and frees the locks.
	StageRecord Stage = "record"
)

// Noticed says what the user should know; nothing is wrong.
type Noticed struct {
	// Stage is StageContents for notices about files, and StageDecide for those
	// about what AWS has.
	Stage   Stage
	Notices []app.Notice
}

// Waiting says what the call waits for outside of an action: for another run to
// end, for example.
type Waiting struct {
	Time   time.Time
	Reason string
}

// Locked says that the call holds the lock of an owner.
type Locked struct {
	Time  time.Time
	Owner engine.Owner
}

// Unlocked says that the call has freed the lock of an owner.
type Unlocked struct {
	Time  time.Time
	Owner engine.Owner
}

// Progress is an event of the engine: a list that arrived, or a step of an
// action.
type Progress struct{ engine.Event }

func (Began) event()    {}
func (Noticed) event()  {}
func (Waiting) event()  {}
func (Locked) event()   {}
func (Unlocked) event() {}
func (Progress) event() {}
