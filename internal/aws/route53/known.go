package route53

import (
	"slices"

	"github.com/berthdev/berth/internal/engine"
)

// known is which zones hold records of the owners, as earlier runs wrote it down;
// all says that there may be others.
type known struct {
	zones []string
	all   bool
}

const knownKey = "route53.known"

// KnowZones tells the types of Route 53 which zones the owners' records are in.
// all says that there may be others, so that a teardown has to look at every zone
// of the account; so it does if nothing was told.
func KnowZones(m *engine.Memory, zones []string, all bool) {
	engine.Tell(m, knownKey, known{slices.Clone(zones), all})
}

// knownIn are the zones that are known of, and whether there may be others.
func knownIn(m *engine.Memory) (zones []string, all bool) {
	k, told := engine.Recall[known](m, knownKey)
	return slices.Clone(k.zones), k.all || !told
}
