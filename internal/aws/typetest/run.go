package typetest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// Story is the life of the types of a package.
type Story struct {
	// Kinds makes the types.
	Kinds func(aws.Config) []engine.AnyType
	// Life takes objects of the types through create, plan, change, damage and
	// delete. Only Run uses it.
	Life func(t *testing.T, cfg aws.Config, c clock.Clock)
	// OnMoto is the life on moto, where that differs from Life. NotOnMoto says why
	// there is no life on moto.
	OnMoto    func(t *testing.T, cfg aws.Config, c clock.Clock)
	NotOnMoto string
	// Ground makes what the objects stand on, and returns the graphs that CrashPoints
	// applies one after the other. A teardown follows.
	Ground func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph
}

// Run tells a story on moto and in the sandbox, and takes it through the crash
// points. It is all that TestLife of a package does.
func Run(t *testing.T, s Story) {
	t.Helper()
	t.Run("moto", func(t *testing.T) {
		t.Parallel()
		life := s.OnMoto
		switch {
		case s.NotOnMoto != "":
			t.Skip(s.NotOnMoto)
		case life == nil:
			life = s.Life
		}
		life(t, Moto(t), clock.Wall{})
	})
	t.Run("sandbox", func(t *testing.T) {
		t.Parallel()
		Sandbox(t, func(t *testing.T, cfg aws.Config) { s.Life(t, cfg, clock.Wall{}) })
	})
	t.Run("crash points", func(t *testing.T) {
		t.Parallel()
		CrashPoints(t, s)
	})
}
