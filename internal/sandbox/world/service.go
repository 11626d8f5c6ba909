package world

import "time"

// Service is one service of the world. All its methods run with the world's
// mutex held: they must neither sleep nor call the world's methods.
type Service interface {
	// ID is the SDK's id of the service, such as "EC2"; see the ServiceID
	// constant of the client package.
	ID() string
	// Routes registers the operations (On) and the events (Router.Event).
	Routes(r *Router)
	// State is a pointer to everything that Save writes and Load reads back,
	// friendly to encoding/json: exported fields, maps made when empty.
	State() any
	// Dump adds every object that exists.
	Dump(d *Dumper)
}

// Beginner is a service with objects that every account has from the start.
// They are made at the time of rq, which is long ago.
type Beginner interface{ Begin(rq *Request) }

// Locator is a service that knows which resource a call is about, for the
// record and for policies: an ARN, or "" if there is no specific one.
type Locator interface {
	Locate(operation string, in any) string
}

// IndexFunc receives an object with its tags.
type IndexFunc = func(arn string, created time.Time, tags map[string]string)

// Indexed is a service whose objects are in the index of tags.
type Indexed interface {
	// Index calls f for every object that carries tags.
	Index(f IndexFunc)
}

// Carrier is a service whose objects carry tags that policies can use but that
// are not in the index of tags.
type Carrier interface {
	Carried(arn string) (tags map[string]string, ok bool)
}

// Conditioned is a service that has more facts about a call than its tags, for
// the conditions of policies.
type Conditioned interface {
	Conditions(operation string, in any) Facts
}

// Foreign is a service that is not part of AWS: its calls need no permission.
type Foreign interface {
	// Denied is its answer to a token that lacks a permission.
	Denied() error
}

// Services are all services of a world.
type Services []Service

// find is the service with an id; nil when there is none.
func (l Services) find(id string) Service {
	for _, s := range l {
		if s.ID() == id {
			return s
		}
	}
	return nil
}

// locate is the ARN that a call is about, "" for none in particular.
func (l Services) locate(service, operation string, in any) string {
	if s, ok := l.find(service).(Locator); ok {
		return s.Locate(operation, in)
	}
	return ""
}

// Tagged calls f for every object in the index of tags.
func (l Services) Tagged(f IndexFunc) {
	for _, s := range l {
		if ix, ok := s.(Indexed); ok {
			ix.Index(f)
		}
	}
}

// tagsOf returns the tags of an object; false if it does not exist, or if no
// service knows the tags of its kind.
func (l Services) tagsOf(arn string) (tags map[string]string, ok bool) {
	for _, s := range l {
		if u, own := s.(Carrier); own && !ok {
			tags, ok = u.Carried(arn)
		}
	}
	l.Tagged(func(a string, _ time.Time, t map[string]string) {
		if a == arn {
			tags, ok = t, true
		}
	})
	return tags, ok
}

// IndexRows calls f for every existing object of a table.
func IndexRows[T any](t *Table[T], f IndexFunc, arnAndTags func(*T) (string, map[string]string)) {
	for _, r := range t.Rows {
		if r.Deleted.IsZero() {
			if arn, tags := arnAndTags(r.Value); arn != "" {
				f(arn, r.Created, tags)
			}
		}
	}
}
