package existing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
)

// Clients are the SDK's clients that the reading needs.
type Clients struct {
	EC2 *ec2.Client
	ECS *ecs.Client
	ELB *elb.Client
	IAM *iam.Client

	S3      *s3.Client
	S3Files *s3files.Client

	ACM   *acm.Client
	Cache *elasticache.Client
	ECR   *ecr.Client
	EFS   *efs.Client
	RDS   *rds.Client
	SNS   *sns.Client
	SQS   *sqs.Client
	SSM   *ssm.Client

	Metrics *cloudwatch.Client
}

// reader is one reading. The mutex guards the result and is never held during a
// call.
type reader struct {
	Clients
	names Names

	mu     sync.Mutex
	result Result
	// zones are the zones of the existing subnets without problems, by id.
	zones map[string]string
	// balancerIn are the zones of the existing balancer.
	balancerIn []string
}

// Read reads and checks all existing objects that the file names, concurrently.
// If there are none it makes no call. An error is one of AWS's; problems with
// the objects themselves are in the result. If the caller may not read an object
// about which the graph needs no facts, that is a notice: AWS reports any
// problem later.
func Read(ctx context.Context, c Clients, n Names) (Result, error) {
	r := &reader{Clients: c, names: n, zones: map[string]string{}}
	if err := concurrent.Each(r.steps(), func(_ int, step func(context.Context) error) error { return step(ctx) }); err != nil {
		return Result{}, fmt.Errorf("reading the existing objects that the file names: %w", err)
	}
	r.balancerZones()
	attached(r)
	return r.result, nil
}

// steps returns the checks for the objects that the file names.
func (r *reader) steps() []func(context.Context) error {
	n := r.names
	var steps []func(context.Context) error
	add := func(wanted bool, step func(context.Context) error) {
		if wanted {
			steps = append(steps, step)
		}
	}
	each := func(ids []string, step func(context.Context, string) error) {
		for _, id := range ids {
			steps = append(steps, func(ctx context.Context) error { return step(ctx, id) })
		}
	}
	add(n.VPC != "", r.network)
	add(len(n.SecurityGroups) > 0, r.noticed(KeySecurityGroups, n.SecurityGroups, r.groups))
	add(len(n.Own) > 0, r.noticed(KeySubnets, n.Own, func(ctx context.Context) error { return ownSubnets(ctx, r) }))
	add(n.Cluster != "", r.cluster)
	add(len(n.Providers) > 0, func(ctx context.Context) error { return providers(ctx, r) })
	add(len(n.Parameters) > 0, func(ctx context.Context) error { return parameters(ctx, r) })
	add(n.LoadBalancer != "", r.balancer)
	add(len(n.ElasticIPs) > 0, r.noticed(KeyElasticIPs, n.ElasticIPs, r.addresses))
	add(n.Certificate != "", r.noticed(KeyCertificate, []string{n.Certificate}, r.certificate))
	add(n.Boundary != "", r.noticed(KeyBoundary, []string{n.Boundary}, r.boundary))
	each(n.Buckets, r.bucket)
	add(n.AuditBucket != "", r.noticed(KeyAuditBucket, []string{n.AuditBucket}, r.auditBucket))
	each(n.FileSystems, r.fileSystem)
	each(n.Roles, r.lenient(KeyRoles, r.role))
	each(n.Policies, r.lenient(KeyPolicies, r.policy))
	each(n.Shares, r.lenient(KeyFileSystem, r.share))
	each(n.Images, r.lenient(KeyImage, r.image))
	each(n.Queues, r.lenient(KeyDeadLetter, queues{r}.deadLetter))
	each(n.Backlogs, r.lenient(KeyBacklog, queues{r}.backlog))
	add(len(n.Alarms)+len(n.OwnAlarms) > 0, r.noticed(KeyAlarms, slices.Concat(n.Alarms, n.OwnAlarms), func(ctx context.Context) error { return checkAlarms(ctx, r) }))
	add(n.Topic.ARN != "", r.noticed(KeyNotify, []string{n.Topic.ARN}, func(ctx context.Context) error { return checkTopic(ctx, r) }))
	for _, p := range n.Points {
		add(true, r.noticed(KeyPoint, []string{p.ID}, func(ctx context.Context) error { return r.point(ctx, p) }))
	}
	for _, s := range n.Snapshots {
		add(true, r.noticed(KeySnapshot, []string{s.ID}, func(ctx context.Context) error { return r.snapshot(ctx, s) }))
	}
	return steps
}

// noticed makes a step whose denial becomes a notice for each of the ids.
func (r *reader) noticed(key string, ids []string, step func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := step(ctx)
		action, _, denied := gate.Missing(err)
		if !denied {
			return err
		}
		for _, id := range ids {
			r.notice(key, id, "it was not checked: the caller lacks %s", action)
		}
		return nil
	}
}

// lenient is the same for a step with one id.
func (r *reader) lenient(key string, step func(context.Context, string) error) func(context.Context, string) error {
	return func(ctx context.Context, id string) error {
		return r.noticed(key, []string{id}, func(ctx context.Context) error { return step(ctx, id) })(ctx)
	}
}

// listed returns the deployed objects as soon as they are known.
func (r *reader) listed(ctx context.Context) (Listed, error) {
	if r.names.Listed == nil {
		return Listed{}, nil
	}
	return r.names.Listed(ctx)
}

// place returns the region and the account of an ARN.
func place(arn string) (region, account string) {
	parts := strings.SplitN(arn+":::::", ":", 6)
	return parts[3], parts[4]
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

// facts changes the facts under the mutex.
func (r *reader) facts(change func(*Facts)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.result.Facts)
}
