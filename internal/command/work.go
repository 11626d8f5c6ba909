package command

import (
	"errors"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/why"
)

// work is a change of the tasks of services that exist: restart, scale, rollback.
type work struct {
	names     []string
	addresses []engine.Address
	// doing and ended are the words for it as it goes on and when it has ended.
	doing, ended string
	apply        func(deploy.Observer) ([]why.Answer, error)
}

// carryOut makes a change, and shows how far it is. took is by the wall clock. The error has
// its exit code, and why services are not healthy has been said.
func carryOut(v *cli.Opener, s *cli.Session, w work) (took string, err error) {
	o := v.Rendering(s)
	o.Total = len(w.names)
	for i, a := range w.addresses {
		o.Services = append(o.Services, progress.Service{Name: w.names[i], Address: a, Doing: w.doing, Ended: w.ended})
	}
	wall := time.Now()
	show := progress.New(o)
	save := s.Saving()
	v.Shows(show)
	answers, err := w.apply(v.Showing(show))
	show.Close()
	v.Shows(nil)
	if err := cli.InARun(errors.Join(err, save())); err != nil {
		return "", unhealthy(v.Console, answers, err)
	}
	return clock.Span(time.Since(wall)), nil
}
