package autoscaling

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/aws/part"
	"github.com/berthdev/berth/internal/engine"
)

// seen is a policy or a scheduled action of a target, as AWS shows it.
type seen struct {
	target, name, arn string
	created           *time.Time
	attrs             map[string]string
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
func objectsOf(found []seen, typ string, owners []engine.Owner) []engine.Object {
	var objects []engine.Object
	for _, p := range found {
		if o, service, which, ok := part.OwnerIn(p.name, owners); ok {
			objects = append(objects, engine.Object{
				Address: engine.Address{Owner: o, Type: typ, Name: part.Address(service, which)},
				ID:      partID(p.target, p.name), Outputs: outputs(p.arn), State: engine.StateReady, Attrs: p.attrs, Created: aws.ToTime(p.created),
			})
		}
	}
	return objects
}
