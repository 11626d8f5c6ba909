package autoscaling

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Needs are what Application Auto Scaling needs of other services.
type Needs struct {
	Services Services
	Roles    Roles
	Figures  Figures
}

// Figures are the metrics of CloudWatch.
type Figures interface {
	// Figure is the value of the query that returns data, in the minute that ends at a
	// time; ok is false if there is none.
	Figure(queries []types.MetricDataQuery, end time.Time) (value float64, ok bool)
	// Refused says what is wrong with queries; nil if they can be computed.
	Refused(queries []types.MetricDataQuery) error
}

// Services are the services of ECS.
type Services interface {
	// Scale describes an active service; ok is false if there is none.
	Scale(cluster, service string) (s Scale, ok bool)
	// SetDesired changes the number of its tasks.
	SetDesired(at time.Time, cluster, service string, count int32)
}

// Scale is how far a service is scaled.
type Scale struct {
	// Desired and Running are numbers of tasks.
	Desired, Running int32
	// Deploying says that a deployment is under way.
	Deploying bool
	// FastCPU and FastMemory say that a metric is measured each 20 seconds.
	FastCPU, FastMemory bool
	// Groups are the ARNs of its target groups.
	Groups []string
}

// Roles makes the service-linked role.
type Roles interface {
	EnsureLinkedRole(rq *world.Request, service string) error
	LinkedRoleReady(service string) bool
}
