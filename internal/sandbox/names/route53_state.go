package names

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// route53State is the state of Route 53. A zone holds its records, which AWS
// shows as soon as it has accepted them.
type route53State struct {
	Zones   world.Table[hostedZone]
	Changes world.Table[dnsChange]
}

// hostedZone is a public zone.
type hostedZone struct {
	ID, Name, Comment string
	// Caller is the CallerReference that it was made with.
	Caller  string
	Servers []string
	Tags    map[string]string
	// Sets are by "name type"; names are bare, in lower case.
	Sets map[string]types.ResourceRecordSet
	// Busy is the time until which AWS works on the last batch.
	Busy time.Time
}

// dnsChange is a batch on its way to the name servers.
type dnsChange struct {
	ID      string
	At      time.Time
	Insync  time.Time
	Comment string
}
