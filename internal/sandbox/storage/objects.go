package storage

import (
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// objects is what the file systems, mount targets and access points of EFS and of
// S3 Files have in common: they are created, available, and deleted. T is the
// service's row for an object of the kind, and S its type of states, whose words
// are the same in both services.
type objects[T any, S ~string] struct {
	account *world.Account
	table   *world.Table[T]
	// kind begins the names of their events: "efs.target".
	kind string
	// comes and goes are what takes the time of a creation and of a deletion.
	comes, goes world.Step
	// state is where a row has its state, and system the file system that it belongs to.
	state  func(*T) *S
	system func(*T) string
	// missing and busy are the service's errors for an object that does not exist,
	// and for one that is not available.
	missing func(id string) error
	busy    func(id, state string) error
}

// maxPoints is how many access points a file system has, if no quota says otherwise.
const maxPoints = 10000

// The states that matter here.
const (
	creating  = "creating"
	available = "available"
	deleting  = "deleting"
)

// events registers the kind's events: an object that is being created becomes
// available, and one that is being deleted goes. then, if not nil, is called for an
// object that has become available.
func (o *objects[T, S]) events(r *world.Router, then func(at time.Time, v *T)) {
	r.Event(o.kind+".available", func(at time.Time, id string) {
		v := o.table.Get(id)
		if v == nil || *o.state(v) != creating {
			return
		}
		*o.state(v) = available
		if then != nil {
			then(at, v)
		}
	})
	r.Event(o.kind+".gone", func(at time.Time, id string) { o.table.Remove(at, id) })
}

// create stores a new object, which is being created.
func (o *objects[T, S]) create(rq *world.Request, id string, v *T) {
	*o.state(v) = creating
	o.table.Put(o.account, rq.Now, id, v)
	o.account.Schedule(rq.Now.Add(o.account.Takes(o.comes)), o.kind+".available", id)
}

// delete lets an object go and returns when it is gone. One that is going already is
// left alone, and the time is zero.
func (o *objects[T, S]) delete(rq *world.Request, id string) (gone time.Time, err error) {
	v := o.table.Get(id)
	if v == nil {
		return gone, o.missing(id)
	}
	if *o.state(v) == deleting {
		return gone, nil
	}
	*o.state(v) = deleting
	gone = rq.Now.Add(o.account.Takes(o.goes))
	o.account.Schedule(gone, o.kind+".gone", id)
	return gone, nil
}

// find is the object that a call names by its id or its ARN.
func (o *objects[T, S]) find(rq *world.Request, id *string) (*T, error) {
	v := o.table.Find(rq, world.BareID(id))
	if v == nil {
		return nil, o.missing(world.BareID(id))
	}
	return v, nil
}

// available is the object that a call names, which must be available.
func (o *objects[T, S]) available(rq *world.Request, id *string) (*T, error) {
	v, err := o.find(rq, id)
	if err == nil && *o.state(v) != available {
		return nil, o.busy(world.BareID(id), string(*o.state(v)))
	}
	return v, err
}

// all are the objects of a file system that really exist; list are those that a
// describe shows, with "" of all file systems.
func (o *objects[T, S]) all(system string) []*T {
	return slices.DeleteFunc(o.table.All(), func(v *T) bool { return o.system(v) != system })
}

func (o *objects[T, S]) list(rq *world.Request, system string) []*T {
	return slices.DeleteFunc(o.table.List(rq), func(v *T) bool { return system != "" && o.system(v) != system })
}

// locate names what a call is about; a mount target has no ARN, it belongs to its
// file system.
func locate[T any, S ~string](targets *objects[T, S], in any, system, point func(id string) string) string {
	if id := world.FieldText(in, "MountTargetId"); id != "" {
		if m := targets.table.Get(id); m != nil {
			return system(targets.system(m))
		}
	}
	for _, field := range []string{"FileSystemId", "AccessPointId", "ResourceId"} {
		switch id := world.FieldText(in, field); {
		case id == "":
		case strings.HasPrefix(id, "arn:"):
			return id
		case strings.HasPrefix(id, "fsap-"):
			return point(id)
		default:
			return system(id)
		}
	}
	return ""
}
