package names

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// cloudMapState is Cloud Map, by id.
type cloudMapState struct {
	Namespaces world.Table[namespace]
	Services   world.Table[discoveryService]
	Operations world.Table[operation]
	// Failing counts by type the next operations that will fail.
	Failing map[types.OperationType]int
}

// namespace is a private DNS namespace.
type namespace struct {
	ID, ARN, Name, VPC string
	Description        string
	Creator            string
	HostedZone         string
	// NegativeTTL is the TTL of its SOA record.
	NegativeTTL int64
	Created     time.Time
	// Deletion is the id of the last operation that deletes it, Change of the
	// last that changes it; empty for none.
	Deletion, Change string
	Tags             map[string]string
}

// discoveryService is a name in a namespace.
type discoveryService struct {
	ID, ARN, Name, Namespace string
	Description, Creator     string
	Created                  time.Time
	DNS                      *types.DnsConfig
	Custom                   *types.HealthCheckCustomConfig
	Tags                     map[string]string
	Instances                map[string]*instance
	// Change is the id of the last operation that changes it.
	Change string
}

// instance is an address under a name.
type instance struct {
	ID         string
	Attributes map[string]string
	// Sick instances are left out of DNS answers, for services with a custom
	// health check.
	Sick bool
}

// operation is something that Cloud Map does in the background.
type operation struct {
	ID               string
	Type             types.OperationType
	Status           types.OperationStatus
	Targets          map[string]string
	Created, Updated time.Time
	// Code and Problem say why it failed.
	Code, Problem string
	// Make is the namespace that exists once the operation succeeds.
	Make *namespace `json:",omitempty"`
	// Namespace and Service are the changes that apply once it succeeds.
	Namespace *types.PrivateDnsNamespaceChange `json:",omitempty"`
	Service   *types.ServiceChange             `json:",omitempty"`
}
