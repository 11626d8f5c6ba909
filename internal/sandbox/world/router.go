package world

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// route is the handler of one operation.
type route struct {
	service, operation string
	serve              func(rq *Request, in any) (any, error)
}

// Router registers the operations and events of one service.
type Router struct {
	service string
	account *Account
	routes  map[string]*route
	// twice are the operations that have two handlers.
	twice []string
}

// On registers the handler of the operation whose input type is In, such as
// CreateVpcInput. The handler runs with the world's mutex held: it reads and
// changes state and never sleeps. Later effects are events: see
// Account.Schedule. Input and output are copied, so a handler may keep its input
// and return parts of its state. Its error is a type of the service's own types
// package, or one made by APIError.
func On[In, Out any](r *Router, h func(*Request, *In) (*Out, error)) {
	op := strings.TrimSuffix(reflect.TypeFor[In]().Name(), "Input")
	name := routeName(r.service, op)
	if r.routes[name] != nil {
		r.twice = append(r.twice, name)
	}
	r.routes[name] = &route{
		service:   r.service,
		operation: op,
		serve: func(rq *Request, in any) (any, error) {
			typed, ok := in.(*In)
			if !ok {
				return nil, fmt.Errorf("sandbox: %s got a %T", op, in)
			}
			typed = Clone(typed)
			if r.account.opt.IgnoreFilters {
				dropFilters(op, typed)
			}
			out, err := h(rq, typed)
			if err != nil {
				return nil, err
			}
			return Clone(out), nil
		},
	}
}

// Event registers what happens when an event of this kind is due. The object
// may be gone by then: the function must accept an id that it does not know.
func (r *Router) Event(kind string, f func(at time.Time, id string)) {
	r.account.happens[kind] = f
}

// routeName is the key of an operation among the routes.
func routeName(service, operation string) string { return service + "." + operation }

// newRoutes collects the operations of all services. It refuses an operation
// that has two handlers.
func newRoutes(account *Account, all Services) (map[string]*route, error) {
	routes := map[string]*route{}
	var twice []string
	for _, s := range all {
		r := &Router{service: s.ID(), account: account, routes: routes}
		s.Routes(r)
		twice = append(twice, r.twice...)
	}
	if len(twice) > 0 {
		slices.Sort(twice)
		return nil, fmt.Errorf("sandbox: two handlers for %s", strings.Join(twice, ", "))
	}
	return routes, nil
}

// Operation is an operation that the sandbox answers: the SDK's id of the
// service, such as "EC2", and the operation's name there.
type Operation struct{ Service, Name string }

// Operations lists every operation that the world answers, sorted.
func (w *World) Operations() []Operation {
	var all []Operation
	for _, r := range w.server.routes {
		all = append(all, Operation{r.service, r.operation})
	}
	slices.SortFunc(all, func(a, b Operation) int {
		return strings.Compare(routeName(a.Service, a.Name), routeName(b.Service, b.Name))
	})
	return all
}

// Answers reports whether the world answers an operation of a service.
func (w *World) Answers(service, operation string) bool {
	return w.server.routes[routeName(service, operation)] != nil
}
