package part

import (
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// Name is the name of a stack's part in AWS: one of several of a service.
func Name(o engine.Owner, service, which string) string { return Prefix(o) + service + "/" + which }

// Address is the name in its address.
func Address(service, which string) string { return service + "-" + which }

// Prefix begins the names of all parts of a stack.
func Prefix(o engine.Owner) string { return "berth/" + o.Environment + "/" + o.Project + "/" }

// OwnerIn reads a name that Name made for one of the owners. Environments have no parts.
func OwnerIn(name string, owners []engine.Owner) (o engine.Owner, service, which string, ok bool) {
	for _, o := range owners {
		rest, mine := strings.CutPrefix(name, Prefix(o))
		service, which, whole := strings.Cut(rest, "/")
		if mine && whole && !o.IsEnvironment() {
			return o, service, which, true
		}
	}
	return engine.Owner{}, "", "", false
}
