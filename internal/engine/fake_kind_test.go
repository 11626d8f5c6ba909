package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// kind is a fake type with what its calls do.
type kind struct {
	cloud *cloud
	spec  Spec
	// readyIn and goneIn are the real durations, latency that of a call.
	readyIn, goneIn, latency time.Duration
	// hides are attributes that lists do not show.
	hides []string
	// before may fail a call before its effect, after may fail it afterwards; n
	// counts the calls of the verb for the name from 1.
	before, after func(verb, name string, n int) error
	// hang may block a call for ever.
	hang func(ctx context.Context, verb string)
	// stillborn objects are being deleted when they are made.
	stillborn bool
	// detail is the Detail of a pending object, broken the reason why it never
	// gets ready.
	detail, broken string
	// idle says that objects which never get ready have done nothing.
	idle bool
	// lag is how long lists and polls do not show a new object.
	lag   time.Duration
	looks int
	tries map[string]int
}

func (k *kind) Spec() Spec { return k.spec }

// enter counts and delays a call, and fails it if the test says so.
func (k *kind) enter(ctx context.Context, verb, name string) (int, error) {
	k.cloud.mu.Lock()
	k.tries[verb+" "+name]++
	n := k.tries[verb+" "+name]
	k.cloud.mu.Unlock()
	if k.latency > 0 {
		select {
		case <-time.After(k.latency):
		case <-ctx.Done():
			return n, ctx.Err()
		}
	}
	if k.hang != nil {
		k.hang(ctx, verb)
	}
	if k.before != nil {
		return n, k.before(verb, name, n)
	}
	return n, nil
}

func (k *kind) leave(verb, name string, n int) error {
	if k.after != nil {
		return k.after(verb, name, n)
	}
	return nil
}

func (k *kind) Create(ctx context.Context, w Desired[box]) (Object, error) {
	n, err := k.enter(ctx, "create", w.Address.Name)
	if err != nil {
		return Object{}, err
	}
	c := k.cloud
	c.mu.Lock()
	th := c.byToken(k, w)
	if th == nil {
		c.last++
		now := time.Now()
		th = &thing{kind: k.spec.Name, made: now, ready: now.Add(k.readyIn), want: w.Want, token: w.Token}
		th.deletions, th.gone = k.stillborn, now
		th.object = Object{ID: fmt.Sprintf("%s-%06d", k.spec.Name, c.last), Address: w.Address}
		c.things[th.object.ID] = th
		c.history = append(c.history, "create "+w.Address.String())
	}
	th.set(w)
	object := c.show(th)
	c.mu.Unlock()
	return object, k.leave("create", w.Address.Name, n)
}

func (c *cloud) byToken(k *kind, w Desired[box]) *thing {
	if k.spec.Identity != Token {
		return nil
	}
	for _, th := range append(slices.Collect(maps.Values(c.things)), c.graves...) {
		if th.kind == k.spec.Name && th.token == w.Token {
			return th
		}
	}
	return nil
}

func (th *thing) set(w Desired[box]) {
	th.object.Tags, th.object.LastApplied = w.Tags, w.Tags[TagLastApplied]
	th.want = w.Want
}

func (k *kind) Update(ctx context.Context, w Desired[box], object Object, changed []string) (Object, error) {
	n, err := k.enter(ctx, "update", w.Address.Name)
	if err != nil {
		return Object{}, err
	}
	c := k.cloud
	c.mu.Lock()
	th := c.things[object.ID]
	if th == nil {
		c.mu.Unlock()
		return Object{}, &fault{NotFound, object.ID + " is not there"}
	}
	th.set(w)
	if len(changed) > 0 {
		th.failed = false
		th.ready = time.Now().Add(k.readyIn)
		c.history = append(c.history, "update "+w.Address.String())
		if k.spec.Revises {
			c.last++
			delete(c.things, th.object.ID)
			th.object.ID = fmt.Sprintf("%s-%06d", k.spec.Name, c.last)
			c.things[th.object.ID] = th
		}
	} else {
		c.history = append(c.history, "tag "+w.Address.String())
	}
	out := c.show(th)
	c.mu.Unlock()
	return out, k.leave("update", w.Address.Name, n)
}

func (k *kind) Delete(ctx context.Context, object Object) error {
	n, err := k.enter(ctx, "delete", object.Address.Name)
	if err != nil {
		return err
	}
	c := k.cloud
	c.mu.Lock()
	defer c.mu.Unlock()
	th := c.things[object.ID]
	if th == nil {
		return &fault{NotFound, object.ID + " is not there"}
	}
	if user := c.user(th); user != "" {
		return &fault{Conflict, object.ID + " is used by " + user}
	}
	if !th.deletions {
		th.deletions, th.gone = true, time.Now().Add(k.goneIn)
		c.history = append(c.history, "delete "+object.ID)
	}
	return k.leave("delete", object.Address.Name, n)
}

// user returns an object whose attributes name th.
func (c *cloud) user(th *thing) string {
	for _, id := range slices.Sorted(maps.Keys(c.things)) {
		o := c.things[id]
		if o == th || o.deletions && !time.Now().Before(o.gone) {
			continue
		}
		for _, v := range Shown(o.want) {
			if strings.Contains(v, th.object.ID) {
				return id
			}
		}
	}
	return ""
}

func (k *kind) List(ctx context.Context, q Query) ([]Object, error) {
	if _, err := k.enter(ctx, "list", ""); err != nil {
		return nil, err
	}
	return k.visible(func(th *thing) bool { return q.Has(th.object.Address.Owner) }, q.Deep), nil
}

func (k *kind) visible(pick func(*thing) bool, deep bool) []Object {
	c := k.cloud
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []Object
	for _, id := range slices.Sorted(maps.Keys(c.things)) {
		th := c.things[id]
		if th.deletions && !time.Now().Before(th.gone) {
			delete(c.things, id)
			c.graves = append(c.graves, th)
			continue
		}
		if th.kind != k.spec.Name || !pick(th) || time.Since(th.made) < k.lag {
			continue
		}
		l := c.show(th)
		if !deep {
			for _, h := range k.hides {
				delete(l.Attrs, h)
			}
		}
		out = append(out, l)
	}
	return out
}

// show returns a thing as it is now.
func (c *cloud) show(th *thing) Object {
	k := c.kinds[th.kind]
	l := th.object
	l.Attrs = Shown(th.want)
	l.Tags = maps.Clone(th.object.Tags)
	l.Outputs = map[string]string{"arn": "arn:" + l.ID}
	switch now := time.Now(); {
	case th.deletions:
		l.State, l.Detail = StateDeleting, "going"
	case th.failed:
		l.State, l.Detail = StateFailed, k.broken
	case now.Before(th.ready):
		l.State, l.Detail = StatePending, k.detail
	case k.broken != "":
		l.State, l.Detail, l.Idle = StateFailed, k.broken, k.idle
	default:
		l.State = StateReady
	}
	return l
}

// pollingKind is a kind whose objects are not ready, or gone, at once.
type pollingKind struct{ *kind }

func (k pollingKind) Poll(ctx context.Context, objects []Object) ([]Object, error) {
	n, err := k.enter(ctx, "look", "")
	if err != nil {
		return nil, err
	}
	k.cloud.mu.Lock()
	k.looks++
	k.cloud.mu.Unlock()
	ids := map[string]bool{}
	for _, l := range objects {
		ids[l.ID] = true
	}
	return k.visible(func(th *thing) bool { return ids[th.object.ID] }, true), k.leave("look", "", n)
}
