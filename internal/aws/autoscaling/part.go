package autoscaling

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/engine"
)

// part is a policy or a scheduled action of a target, as AWS shows it.
type part struct {
	target, name, arn string
	created           *time.Time
	attrs             map[string]string
}

// PartName is the name of a stack's policy or scheduled action, one of several of a
// service: it says whose it is, because AWS has no tags for them.
func PartName(o engine.Owner, service, which string) string {
	return prefixOf(o) + service + "/" + which
}

// PartAddress is the name in its address.
func PartAddress(service, which string) string { return service + "-" + which }

func prefixOf(o engine.Owner) string { return "berth/" + o.Environment + "/" + o.Project + "/" }

// ownerIn reads a name that PartName made for one of the owners.
func ownerIn(name string, owners []engine.Owner) (o engine.Owner, service, which string, ok bool) {
	for _, o := range owners {
		rest, mine := strings.CutPrefix(name, prefixOf(o))
		service, which, whole := strings.Cut(rest, "/")
		if mine && whole && !o.IsEnvironment() {
			return o, service, which, true
		}
	}
	return engine.Owner{}, "", "", false
}

// partID is the id of a part for berth: AWS needs both to name it.
func partID(target, name string) string { return target + " " + name }

// outputs are those of a part; a scheduled action has none.
func outputs(arn string) map[string]string {
	if arn == "" {
		return nil
	}
	return map[string]string{"arn": arn}
}

// objectsOf are the parts that are one of the owners'.
func objectsOf(found []part, typ string, owners []engine.Owner) []engine.Object {
	var objects []engine.Object
	for _, p := range found {
		if o, service, which, ok := ownerIn(p.name, owners); ok {
			objects = append(objects, engine.Object{
				Address: engine.Address{Owner: o, Type: typ, Name: PartAddress(service, which)},
				ID:      partID(p.target, p.name), Outputs: outputs(p.arn), State: engine.StateReady, Attrs: p.attrs, Created: aws.ToTime(p.created),
			})
		}
	}
	return objects
}
