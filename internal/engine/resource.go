package engine

import (
	"context"
	"time"

	"github.com/berthdev/berth/internal/engine/memory"
)

// Resource is the desired state of one object: a plain struct whose fields
// carry the tag `attr:"name"`. Options follow the name, separated by commas:
//
//	replace   a change needs a new object beside the old one
//	set       the order of a slice's elements has no meaning
//	create    used when the object is created, never compared
//	external  others may change it later: only a change of the desired state counts
//	own       the value never changes for an object: tags that were written for
//	          another value are copied (copies.go)
//	silent    nil or zero leaves the attribute alone, unless berth has set it
//	          before: then that value is reset
//
// Fields of type Ref, also inside slices, maps and nested structs, become the
// graph's edges. Strings, numbers, booleans, slices, maps with string keys,
// structs and pointers to them are allowed.
type Resource interface {
	// Type is the name of the resource's Type, such as "ec2.subnet".
	Type() string
}

// Identity is how a repeated create finds what the first one made (DESIGN 3).
type Identity int

const (
	// UniqueName means: the provider refuses a second object of the name. When it
	// answers that the name exists, Create reads the object, checks its owner and goes
	// on.
	UniqueName Identity = iota
	// SilentName means: the provider returns or overwrites an object of the name. Create
	// checks the owner before and after.
	SilentName
	// Token means: the provider takes Desired.Token and returns the first object again. If
	// that object has been deleted, Create returns StateDeleting and is called again with
	// another token.
	Token
	// ByTag means: by its tags, which are part of the create call. After an unknown
	// outcome the engine looks for the object by its tags before it creates again.
	ByTag
	// ByParent means: the object has no tags; its owner is known from a tagged
	// parent or a name.
	ByParent
)

// Names of changes that are not changes of attributes.
const (
	// AttrState is among the changed names if the object had failed.
	AttrState = "state"
	// AttrTags stands for the user's labels; Update never receives it, because
	// it always sets the tags.
	AttrTags = "tags"
)

// Spec holds the constant facts of a Type.
type Spec struct {
	// Name is the type's name, such as "ec2.subnet".
	Name string
	// Identity is the type's identity class.
	Identity Identity
	// ReadyIn and GoneIn are the typical times from the create call to ready
	// and from the delete call to absence; zero means at once. They order the
	// work and set the poller's pace; wrong values only cost time.
	ReadyIn, GoneIn time.Duration
	// ReadyBy and GoneBy are the same times on a bad day, which decide how long a
	// run may take; zero means three times as long.
	ReadyBy, GoneBy time.Duration
	// Burst and Every say how fast the provider makes, changes and deletes objects of
	// the type, if a run would notice: Burst at once, and then one in each Every.
	Burst int
	Every time.Duration
	// SettleIn is how long a new object cannot be used yet after the provider
	// shows it as ready; Settling says what the run waits for in that time.
	SettleIn time.Duration
	Settling string
	// DeletesAfter names types whose deletions and changes must all be complete
	// first, where the objects' attributes do not show it.
	DeletesAfter []string
	// InUse says what goes first while the provider refuses a deletion because
	// something uses the object ("its network interfaces go first"); if it is empty,
	// the provider's own words are shown.
	InUse string
	// DeletesWith names types whose deletions need only have begun, though the objects'
	// attributes name this one: the provider lets go of it long before they are gone.
	// Until then Delete must fail with a Conflict.
	DeletesWith []string
	// Keep is why a teardown keeps objects of this type unless the user asks
	// for their deletion ("logs stay"); if it is empty, they are deleted.
	Keep string
	// KeepAlways says that objects of this type always stay: they belong to the
	// account, and others use them. Keep says why.
	KeepAlways bool
	// Leaves is what a deletion leaves behind unless the user asks for the
	// deletion of data ("a final snapshot keeps its data"). See Eraser.
	Leaves string
	// Holds is what would be lost or cut off with an object of the type, "data" or
	// "a network": a second object at an address is then deleted only if the user
	// names it.
	Holds string
	// Restores says that a lone object with copied tags may have been restored by
	// somebody to replace one that is gone. The user decides whether it was:
	// until then nothing is made at its address.
	Restores bool
	// ProvedByUse says that the type's objects can be told from copies only
	// because berth's other objects use them. If an object is unused and no run
	// has died that could have left it unused, the user must decide.
	ProvedByUse bool
	// Runs says that all other objects exist for the sake of this type's: of two
	// objects at one address, the one that these use is the right one.
	Runs bool
	// Revises says that an update makes a new revision with other outputs, so
	// that everything that refers to the object changes too.
	Revises bool
	// DeadWhenFailed says that Update cannot repair an object in StateFailed:
	// the object is deleted and then made again.
	DeadWhenFailed bool
	// Alone says that the provider accepts no second object beside the first,
	// so that a replacement deletes the old one first.
	Alone bool
	// Untagged says that the provider has no tags for the type, or that listing them
	// costs a call per object: then a missing TagLastApplied means nothing.
	Untagged bool
}

// Type has the calls of one resource type. Every method is idempotent and may
// be called again after a crash or a lost answer.
type Type[R Resource] interface {
	Spec() Spec
	// List returns every object of the type that one of q.Owners owns, in as few calls as
	// the provider allows. It leaves out objects that the provider still lists after
	// their deletion, unless other deletions must wait for them: then their State is
	// Deleting.
	List(ctx context.Context, q Query) ([]Object, error)
	// Create makes the object, with w.Tags in the same call where the provider can.
	// If an object that is not w.Address's has the name, the error is a *TakenError.
	Create(ctx context.Context, w Desired[R]) (Object, error)
	// Update changes the named attributes in place and sets w.Tags afterwards.
	// Without names it only sets the tags. The name AttrState says that the
	// object had failed and must be tried again.
	Update(ctx context.Context, w Desired[R], object Object, changed []string) (Object, error)
	// Delete starts the object's deletion. If the object does not exist, that
	// is a success.
	Delete(ctx context.Context, object Object) error
}

// Poller is the ability of a Type whose objects are not ready, or not gone, at
// once. Without it an object is ready when created and gone when deleted.
type Poller interface {
	// Poll reads the objects again, in as few calls as the provider allows, and returns
	// those that still exist, in any order, with their present State. A deployment that
	// the provider gave up has the State Failed, with the reason in Detail.
	Poll(ctx context.Context, objects []Object) ([]Object, error)
}

// Finder is the ability of a Type whose objects can be found by the names of
// desired resources, with any owner or none.
type Finder interface {
	// Find returns the objects that hold the names of q.Wanted, in as few calls as the
	// provider allows, with the Address that their marks name: zero without a mark. For
	// a free name it returns nothing.
	Find(ctx context.Context, q Query) ([]Object, error)
}

// Query says what to list.
type Query struct {
	Owners []Owner
	// Wanted are the desired resources of the type, for types that can only be
	// found by name. Their Refs may be unknown.
	Wanted []Wanted
	// Deep asks for every attribute, whatever it costs.
	Deep bool
	// Whole says that no object may be missed: before a teardown and after a
	// run that died. Types without desired resources are then listed in full,
	// and not only looked up in the provider's index of tags, which lags by
	// minutes.
	Whole bool
	// Memory is what the types remember of the reading that the query is part of;
	// nil remembers nothing. See Once, Tell and Recall.
	Memory *memory.Memory
}

// Wanted is one desired resource with its address.
type Wanted struct {
	Address  Address
	Resource Resource
}

// Has says whether o is one of the owners asked for.
func (q Query) Has(o Owner) bool {
	for _, have := range q.Owners {
		if have == o {
			return true
		}
	}
	return false
}

// Desired is one desired resource at the moment of creating or updating it.
type Desired[R any] struct {
	Address Address
	// Want is the desired state with every Ref resolved.
	Want R
	// Tags is the complete set: owner, address, asked, Name and the user's.
	Tags map[string]string
	// Token is the idempotency token of this desired state: the same for a repeated
	// call, another one after the object has been deleted. 32 hexadecimal digits.
	Token string
	// Adopt says that the user told berth to take over an object of this name.
	Adopt bool
	// Memory is that of the reading from which the plan was made; nil remembers
	// nothing. See Recall.
	Memory *memory.Memory
}

// State is how far along an object is.
type State string

// The states of an object.
const (
	StatePending  State = "pending"
	StateReady    State = "ready"
	StateFailed   State = "failed"
	StateDeleting State = "deleting"
	// StateStored is the state of an object that is gone and whose data is
	// kept: making it again brings the data back. Detail names the copy. See
	// Eraser.
	StateStored State = "stored"
)

// Object is one object as the provider shows it.
type Object struct {
	// Address is the address in the object's tags or its name; zero if there is
	// none.
	Address Address
	// ID identifies the object within its type; never empty.
	ID string
	// Outputs are the values that others refer to. Without an "id" it is ID.
	Outputs map[string]string
	// Attrs are the attributes as AttrsOf renders them. The provider did not
	// show those that are missing.
	Attrs map[string]string
	// Tags are all of the object's tags; nil if they were not read.
	Tags map[string]string
	// LastApplied is the value of TagLastApplied, wherever the type keeps it.
	LastApplied string
	State       State
	// Detail is the provider's word for the state, or the reason for a failure.
	Detail string
	// Idle says that an object in StateFailed failed before it did anything, in
	// a way that may pass: it may be made again.
	Idle bool
	// Reverted says why the provider itself has put attributes back to earlier
	// values, such as the reason of a failed deployment; empty if it has not.
	Reverted string
	// Unfinished says that a run which did not finish has left the object in an
	// interim state: see Finisher.
	Unfinished bool
	// Foreign says why an object belongs to none of the queried owners although
	// its path or name looks like theirs: the plan names it and never touches
	// it.
	Foreign string
	// Created is when the provider says the object was made; zero if it does not.
	Created time.Time
}

// Output is the named output; "id" falls back to ID.
func (l Object) Output(name string) string {
	if v, ok := l.Outputs[name]; ok {
		return v
	}
	if name == "id" {
		return l.ID
	}
	return ""
}
