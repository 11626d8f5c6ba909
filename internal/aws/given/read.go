package given

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3files"

	"github.com/berthdev/berth/internal/engine"
)

// Clients are the SDK's clients that the reading needs.
type Clients struct {
	EC2 *ec2.Client
	ECS *ecs.Client
	ELB *elb.Client
	IAM *iam.Client

	S3      *s3.Client
	S3Files *s3files.Client
}

// reader is one reading. What is found is put under the mutex, which is never
// held during a call.
type reader struct {
	Clients
	names Names

	mu     sync.Mutex
	result Result
	// zones are those of the given subnets that are right, by id.
	zones map[string]string
	// balancerIn are the zones of the given balancer.
	balancerIn []string
}

// Read looks at everything that is given, side by side, and checks it. Nothing
// given costs no call. An error is one of AWS's; what is wrong with the things
// themselves is in the result.
func Read(ctx context.Context, c Clients, n Names) (Result, error) {
	r := &reader{Clients: c, names: n, zones: map[string]string{}}
	var steps []func(context.Context) error
	add := func(wanted bool, step func(context.Context) error) {
		if wanted {
			steps = append(steps, step)
		}
	}
	add(n.VPC != "", r.network)
	add(len(n.SecurityGroups) > 0, r.groups)
	add(n.Cluster != "", r.cluster)
	add(n.LoadBalancer != "", r.balancer)
	add(len(n.ElasticIPs) > 0, r.addresses)
	for _, arn := range n.Roles {
		add(true, func(ctx context.Context) error { return r.role(ctx, arn) })
	}
	for _, name := range n.Buckets {
		add(true, func(ctx context.Context) error { return r.bucket(ctx, name) })
	}
	for _, arn := range n.FileSystems {
		add(true, func(ctx context.Context) error { return r.fileSystem(ctx, arn) })
	}
	if err := engine.Each(steps, func(_ int, step func(context.Context) error) error { return step(ctx) }); err != nil {
		return Result{}, fmt.Errorf("reading what the file gives: %w", err)
	}
	r.balancerZones()
	return r.result, nil
}

func (r *reader) problem(key, id, remedy, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Problems = append(r.result.Problems, Remark{Key: key, ID: id, What: fmt.Sprintf(format, args...), Remedy: remedy})
}

func (r *reader) notice(key, id, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Notices = append(r.result.Notices, Remark{Key: key, ID: id, What: fmt.Sprintf(format, args...)})
}

// facts changes what was found.
func (r *reader) facts(change func(*Facts)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.result.Facts)
}
