package sandbox

import (
	"slices"
	"strings"
	"time"
)

// rate is a documented token bucket: so many calls at once, so many a second.
type rate struct {
	Burst, PerSecond float64
}

// bucket is a token bucket's level at a moment.
type bucket struct {
	Level float64
	At    time.Time
}

// family is the calls that share a bucket. An operation belongs to the first
// family of its service that lists it, or a prefix of it that ends in "*".
type family struct {
	service    string
	operations []string
	rate       rate
	// each gives every operation a bucket of its own.
	each bool
}

// families are the documented limits (reference 3.11): ECS's and EC2's tables
// are AWS's own,
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html and
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html.
// ELBv2, Cloud Map, Logs and IAM publish none or few; theirs are assumptions
// on the careful side.
var families = []family{
	{"ECS", []string{"CreateCluster", "DeleteCluster", "UpdateCluster*", "PutClusterCapacityProviders"}, rate{20, 1}, false},
	{"ECS", []string{"DescribeClusters", "ListClusters"}, rate{50, 20}, false},
	{"ECS", []string{"RegisterTaskDefinition", "DeregisterTaskDefinition"}, rate{20, 1}, false},
	{"ECS", []string{"DescribeTaskDefinition", "ListTaskDefinition*"}, rate{50, 20}, false},
	{"ECS", []string{"DeleteTaskDefinitions"}, rate{5, 1}, false},
	{"ECS", []string{"TagResource", "UntagResource"}, rate{20, 10}, false},
	{"ECS", []string{"ListTagsForResource"}, rate{50, 20}, false},
	{"ECS", []string{"PutAccountSetting*", "DeleteAccountSetting"}, rate{10, 1}, false},
	// RunTask's API allows 40 a second, Fargate's launch rate 20.
	{"ECS", []string{"RunTask"}, rate{100, 20}, false},
	{"ECS", []string{"StartTask", "StopTask", "ExecuteCommand"}, rate{100, 40}, false},
	{"ECS", []string{"DescribeTasks", "ListTasks"}, rate{100, 20}, false},
	{"ECS", []string{"CreateService", "UpdateService", "DeleteService"}, rate{50, 5}, false},
	{"ECS", []string{"DescribeServices", "ListServices"}, rate{100, 20}, false},
	{"ECS", []string{"DescribeServiceDeployments", "ListServiceDeployments"}, rate{50, 20}, false},
	{"ECS", []string{"DescribeServiceRevisions"}, rate{50, 20}, false},
	{"ECS", []string{"ListServicesByNamespace"}, rate{10, 1}, false},
	{"EC2", []string{"CreateNatGateway", "DeleteNatGateway"}, rate{10, 1}, true},
	{"EC2", []string{"CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"}, rate{4, 0.3}, true},
	{"EC2", []string{"CreateTags"}, rate{100, 10}, true},
	{"EC2", []string{"CreateNetworkInterface"}, rate{100, 5}, true},
	{"EC2", []string{"Describe*", "Get*"}, rate{100, 20}, true},
	{"EC2", []string{"*"}, rate{50, 5}, true},
	{"Elastic Load Balancing v2", []string{"Describe*"}, rate{40, 10}, true},
	{"Elastic Load Balancing v2", []string{"*"}, rate{20, 5}, true},
	{"ServiceDiscovery", []string{"*"}, rate{50, 10}, true},
	{"CloudWatch Logs", []string{"*"}, rate{25, 10}, true},
	{"IAM", []string{"*"}, rate{40, 10}, true},
	// 40 a second is AWS's figure for reading and writing values together, at
	// the standard throughput; the others are assumptions.
	// https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm
	{"SSM", []string{"GetParameter*", "PutParameter"}, rate{40, 40}, false},
	{"SSM", []string{"*"}, rate{20, 10}, true},
	{"Secrets Manager", []string{"DescribeSecret"}, rate{100, 40}, true},
	// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
	{"Route 53", []string{"*"}, rate{5, 5}, false},
	// https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
	{"ACM", []string{"*"}, rate{5, 5}, true},
	// 1200 requests in five minutes:
	// https://developers.cloudflare.com/fundamentals/api/reference/limits/
	{"Cloudflare", []string{"*"}, rate{1200, 4}, false},
}

// limits are the caller's token buckets.
type limits struct {
	on      bool
	buckets map[string]*bucket
}

// take takes a token for the call, or refuses it.
func (l *limits) take(c *Call, now time.Time) error {
	if !l.on {
		return nil
	}
	key, r, ok := limit(c.Service, c.Operation)
	if !ok {
		return nil
	}
	b := l.buckets[key]
	if b == nil {
		b = &bucket{Level: r.Burst, At: now}
		l.buckets[key] = b
	}
	b.fill(now, r)
	// A caller that counts in the same way must not lose by rounding.
	if b.Level < 1-1e-6 {
		return throttled(c.Service)
	}
	b.Level--
	return nil
}

// fill adds the tokens that have come since the bucket was last looked at.
func (b *bucket) fill(now time.Time, r rate) {
	b.Level = min(r.Burst, b.Level+now.Sub(b.At).Seconds()*r.PerSecond)
	b.At = now
}

// limit finds the bucket of an operation; false when it has none.
func limit(service, op string) (key string, r rate, ok bool) {
	for _, f := range families {
		if f.service != service || !f.has(op) {
			continue
		}
		key = service + "." + f.operations[0]
		if f.each {
			key = service + "." + op
		}
		return key, f.rate, true
	}
	return "", rate{}, false
}

func (f family) has(op string) bool {
	return slices.ContainsFunc(f.operations, func(p string) bool {
		prefix, ok := strings.CutSuffix(p, "*")
		return p == op || ok && strings.HasPrefix(op, prefix)
	})
}
