package ec2_test

import (
	"testing"

	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
)

// TestLifeOnMoto runs against the emulator over the wire.
func TestLifeOnMoto(t *testing.T) {
	t.Parallel()
	life(t, newDriver(t, typetest.Moto(t), clock.Wall{}))
}
