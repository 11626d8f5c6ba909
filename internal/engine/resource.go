package engine

import (
	"context"
	"time"
)

// Resource is the desired state of one object: a plain struct whose fields
// carry the tag `attr:"name"`. Options follow the name, separated by commas:
//
//	replace   a change needs a new object beside the old one
//	set       the order of a slice's elements means nothing
//	create    used when the object is created, never compared
//	external  others may change it later: only a change of the desired state counts
//	own       the value is the object's own for life: tags that were written for
//	          another value are copied ones (copies.go)
//	silent    nil or zero leaves it as it is, unless berth asked for something
//	          else before: then that is taken back
//
// Fields of type Ref, also inside slices, maps and nested structs, make the
// graph's edges. Strings, numbers, booleans, slices, maps with string keys,
// structs and pointers to them are allowed.
type Resource interface {
	// Type is the name of the resource's Type, as in "ec2.subnet".
	Type() string
}

// Identity is how a repeated create finds what the first one made (DESIGN 3).
type Identity int

const (
	// UniqueName means: the provider refuses a second object of the name. Create answers
	// 'exists' by reading, checking the owner and going on.
	UniqueName Identity = iota
	// SilentName means: the provider returns or overwrites an object of the name. Create
	// checks the owner before and after.
	SilentName
	// Token means: the provider takes Desired.Token and returns the first object again. Where
	// it does so for one that has been deleted, Create says StateDeleting, and is
	// called again with another token.
	Token
	// ByTag means: nothing but the tags, which go into the create call; after a doubt
	// the engine looks by tag before it creates again.
	ByTag
	// ByParent means: no tags; owned through a tagged parent or a name.
	ByParent
)

// Names of changes that are not attributes of a resource.
const (
	// AttrState stands among the changed names when the object had failed.
	AttrState = "state"
	// AttrTags is the user's labels; Update never gets it as a name, because it
	// always sets the tags.
	AttrTags = "tags"
)

// Spec are the constant facts of a Type.
type Spec struct {
	// Name is the type's name, as in "ec2.subnet".
	Name string
	// Identity is the type's identity class.
	Identity Identity
	// ReadyIn and GoneIn are the typical times from the create call to ready
	// and from the delete call to absence; zero means at once. They order the
	// work and set the poller's pace; nothing depends on their being right.
	ReadyIn, GoneIn time.Duration
	// ReadyBy and GoneBy are the same times on a bad day, which decide how long a
	// run may take; zero means three times as long.
	ReadyBy, GoneBy time.Duration
	// SettleIn is how long after its readiness a new object is not of use yet
	// without the provider showing it; Settling says what is waited for then.
	SettleIn time.Duration
	Settling string
	// DeletesAfter names types all of whose doomed objects must be gone first,
	// and whose other changes must be complete, where the objects' attributes do
	// not say so themselves.
	DeletesAfter []string
	// DeletesWith names types whose doomed objects need only be on their way
	// out, though their attributes name this one: the provider lets go of it long before
	// they are gone. Until then the deletion must answer with a Conflict.
	DeletesWith []string
	// Keep is why a teardown leaves objects of this type standing unless the
	// user asks for their deletion ("logs stay"); empty deletes them.
	Keep string
	// KeepAlways says that objects of this type stay whatever the user asks:
	// they belong to the account, and others use them. Keep says why.
	KeepAlways bool
	// Leaves is what a deletion leaves behind unless the user asks for the
	// deletion of data ("a final snapshot keeps its data"). See Eraser.
	Leaves string
	// Holds is what would be lost or cut off with an object of the type, "data" or
	// "a network": a second one at an address is never deleted for being the
	// second, unless the user names it.
	Holds string
	// Restores says that a lone object with copied tags may be what somebody has
	// restored in place of the one that is gone. Whether it is, the user decides:
	// until then nothing is made at its address.
	Restores bool
	// ProvedByUse says that nothing tells the type's objects from copies but that
	// berth's other objects use them. One that is idle, where no run has died that
	// could have left it so, needs the user's word.
	ProvedByUse bool
	// Runs says that the type's objects are what the others are there for: of two
	// objects at one address, the one that they use is the right one.
	Runs bool
	// Revises says that an update makes a new revision with other outputs, so
	// that whoever refers to the object changes with it.
	Revises bool
	// DeadWhenFailed says that Update cannot mend an object in StateFailed: it
	// is deleted first and then made again.
	DeadWhenFailed bool
	// Alone says that the provider takes no second object beside it, so that a
	// replacement deletes the old one first.
	Alone bool
	// Untagged says that the provider has no tags for the type, or that listing them
	// costs a call per object: then a missing TagLastApplied means nothing.
	Untagged bool
}

// Type is the verbs of one resource type. Every verb is idempotent and may
// be called again after a crash or a lost answer.
type Type[R Resource] interface {
	Spec() Spec
	// List returns every live object of the type that one of q.Owners owns, in
	// as few calls as the provider allows. Objects that the provider still lists after their
	// deletion are left out, except while they hold others up: then their State
	// is Deleting.
	List(ctx context.Context, q Query) ([]Object, error)
	// Create makes the object, with w.Tags in the same call where the provider can. A
	// name held by an object that is not w.Address's is a *TakenError.
	Create(ctx context.Context, w Desired[R]) (Object, error)
	// Update changes the named attributes in place and sets w.Tags afterwards.
	// With no names only the tags are to be set. The name AttrState among them
	// says that the object had failed and is to be tried again.
	Update(ctx context.Context, w Desired[R], object Object, changed []string) (Object, error)
	// Delete starts the object's deletion. Absence is success.
	Delete(ctx context.Context, object Object) error
}

// Poller is the ability of a Type whose objects are not ready, or not gone, at
// once. Without it an object is ready when created and gone when deleted.
type Poller interface {
	// Poll reads the given objects again, in as few calls as the provider allows, and
	// returns those that still exist, in any order, with their present State.
	// A deployment that the provider gave up is State Failed with the reason in Detail.
	Poll(ctx context.Context, objects []Object) ([]Object, error)
}

// Finder is the ability of a Type whose objects can be found by the names of
// wanted resources, whoever owns them.
type Finder interface {
	// Find returns the objects that hold the names of q.Wanted, in as few calls
	// as the provider allows, with the Address that their own marks name: zero without a
	// mark. Wanted resources whose names are free have none.
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
	// Whole says that nothing may be missed: before a teardown and after a run
	// that died. Types of which nothing is wanted are then listed too, and not
	// just looked for in the provider's index of tags, which is minutes behind.
	Whole bool
	// Memory is what the types remember of the reading that this is a part of; nil
	// remembers nothing. See Once, Tell and Recall.
	Memory *Memory
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
	// Token is the idempotency token of this desired state: the same for a repetition,
	// another one after the object has been deleted. 32 hexadecimal digits.
	Token string
	// Adopt says that the user told berth to take over an object of this name.
	Adopt bool
	// Memory is that of the reading which the plan was made from; nil remembers
	// nothing. See Recall.
	Memory *Memory
}

// State is how far a live object is.
type State string

// The states of a live object.
const (
	StatePending  State = "pending"
	StateReady    State = "ready"
	StateFailed   State = "failed"
	StateDeleting State = "deleting"
	// StateStored is an object that is gone and whose data is kept: making it
	// again brings the data back. Detail names the copy. See Eraser.
	StateStored State = "stored"
)

// Object is one object as the provider shows it.
type Object struct {
	// Address is what the object's tags or its name say; zero if they do not.
	Address Address
	// ID identifies the object within its type; never empty.
	ID string
	// Outputs are the values that others refer to. "id" is ID if absent.
	Outputs map[string]string
	// Attrs are the attributes as Attrs renders them. A missing one is one
	// that the provider did not show.
	Attrs map[string]string
	// Tags are all of the object's tags; nil if they were not read.
	Tags map[string]string
	// LastApplied is the value of TagLastApplied, wherever the type keeps it.
	LastApplied string
	State       State
	// Detail is the provider's word for the state, or the reason of a failure.
	Detail string
	// Idle says that an object in StateFailed has failed before it did anything,
	// in a way that may pass: it may be made once more.
	Idle bool
	// Foreign says why an object is nobody's who was asked for, though its path
	// or name lies where the owner's are: it is named, and never touched.
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
