package deploy

import (
	"sync"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/state"
)

// session is one plan and its execution: the project with what belongs to this
// plan alone. What the types learn while they are listed is in the memory of that
// reading (memory.Memory), so sessions share the clients.
type session struct {
	project  *Project
	app      *app.App
	id       aws.Identity
	clients  *aws.Clients
	clock    clock.Clock
	locker   *state.Locker
	registry *engine.Registry
	// images is what the app's images are built from; nil without builds.
	images *images.Source
	tell   Observer
}

// newSession begins a plan that reports to observe.
func (p *Project) newSession(observe Observer) (*session, error) {
	t := p.Target
	s := &session{project: p, app: p.Source.App, id: t.Identity, clients: t.Clients, clock: t.Clock, locker: p.Locker()}
	place := t.place(nil)
	if p.builders.make != nil {
		s.images = images.NewSource(s.app, p.Source.variable)
		place.Builder = p.builders.make(s.images)
	}
	var err error
	if s.registry, err = engine.NewRegistry(aws.Types(s.clients, place)...); err != nil {
		return nil, err
	}
	return s.observedBy(observe), nil
}

// observedBy returns a copy of the session that reports to another observer, one
// event at a time.
func (s *session) observedBy(observe Observer) *session {
	out := *s
	var mu sync.Mutex
	out.tell = func(e Event) {
		if observe == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		observe(e)
	}
	return &out
}

func (s *session) begin(stage Stage) { s.tell(Began{s.clock.Now(), stage}) }

func (s *session) waits(reason string) { s.tell(Waiting{s.clock.Now(), reason}) }

func (s *session) progress(e engine.Event) { s.tell(Progress{e}) }

func (s *session) stack() engine.Owner { return s.project.Stack() }

func (s *session) environment() engine.Owner { return s.project.Environment() }

func (s *session) owners() []engine.Owner { return s.project.Owners() }
