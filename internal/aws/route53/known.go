package route53

import (
	"slices"

	"github.com/berthdev/berth/internal/engine/memory"
)

// known are the zones with the owners' records, as earlier runs recorded them;
// all says that there may be others.
type known struct {
	zones []string
	all   bool
}

const knownKey = "route53.known"

// KnowZones tells the types of Route 53 which zones have the owners' records. all
// says that there may be others, so that a teardown must read every zone of the
// account; it also does so if KnowZones was not called.
func KnowZones(m *memory.Memory, zones []string, all bool) {
	memory.Tell(m, knownKey, known{slices.Clone(zones), all})
}

// knownIn returns the known zones, and whether there may be others.
func knownIn(m *memory.Memory) (zones []string, all bool) {
	k, told := memory.Recall[known](m, knownKey)
	return slices.Clone(k.zones), k.all || !told
}
