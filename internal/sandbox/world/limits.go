package world

import (
	"slices"
	"strings"
	"time"
)

// Rate is a documented token bucket: a burst, and a number of calls per second.
type Rate struct {
	Burst, PerSecond float64
}

// Bucket is a token bucket's level at a moment.
type Bucket struct {
	Level float64
	At    time.Time
}

// family has the operations that share a bucket. An operation belongs to the
// first family of its service that lists it or a prefix of it, ending in "*".
type family struct {
	service    string
	operations []string
	rate       Rate
	// each gives every operation a bucket of its own.
	each bool
}

// families are the documented limits (reference 3.11): ECS's and EC2's tables are AWS's
// own,
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html and
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html. ELBv2, Cloud
// Map, Logs and IAM publish few or none; theirs are cautious assumptions.
var families = []family{
	{"ECS", []string{"CreateCluster", "DeleteCluster", "UpdateCluster*", "PutClusterCapacityProviders"}, Rate{20, 1}, false},
	{"ECS", []string{"DescribeClusters", "ListClusters"}, Rate{50, 20}, false},
	{"ECS", []string{"RegisterTaskDefinition", "DeregisterTaskDefinition"}, Rate{20, 1}, false},
	{"ECS", []string{"DescribeTaskDefinition", "ListTaskDefinition*"}, Rate{50, 20}, false},
	{"ECS", []string{"DeleteTaskDefinitions"}, Rate{5, 1}, false},
	{"ECS", []string{"TagResource", "UntagResource"}, Rate{20, 10}, false},
	{"ECS", []string{"ListTagsForResource"}, Rate{50, 20}, false},
	{"ECS", []string{"PutAccountSetting*", "DeleteAccountSetting"}, Rate{10, 1}, false},
	// RunTask's API allows 40 a second, Fargate's launch rate 20.
	{"ECS", []string{"RunTask"}, Rate{100, 20}, false},
	{"ECS", []string{"StartTask", "StopTask", "ExecuteCommand"}, Rate{100, 40}, false},
	{"ECS", []string{"DescribeTasks", "ListTasks"}, Rate{100, 20}, false},
	{"ECS", []string{"CreateService", "UpdateService", "DeleteService"}, Rate{50, 5}, false},
	{"ECS", []string{"DescribeServices", "ListServices"}, Rate{100, 20}, false},
	{"ECS", []string{"DescribeServiceDeployments", "ListServiceDeployments"}, Rate{50, 20}, false},
	{"ECS", []string{"DescribeServiceRevisions"}, Rate{50, 20}, false},
	{"ECS", []string{"ListServicesByNamespace"}, Rate{10, 1}, false},
	{"EC2", []string{"CreateNatGateway", "DeleteNatGateway"}, Rate{10, 1}, true},
	{"EC2", []string{"CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"}, Rate{4, 0.3}, true},
	{"EC2", []string{"CreateTags"}, Rate{100, 10}, true},
	{"EC2", []string{"CreateNetworkInterface"}, Rate{100, 5}, true},
	{"EC2", []string{"Describe*", "Get*"}, Rate{100, 20}, true},
	{"EC2", []string{"*"}, Rate{50, 5}, true},
	{"Elastic Load Balancing v2", []string{"Describe*"}, Rate{40, 10}, true},
	{"Elastic Load Balancing v2", []string{"*"}, Rate{20, 5}, true},
	{"ServiceDiscovery", []string{"*"}, Rate{50, 10}, true},
	{"CloudWatch Logs", []string{"*"}, Rate{25, 10}, true},
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
	{"CloudWatch", []string{"DescribeAlarms"}, Rate{9, 9}, true},
	{"CloudWatch", []string{"PutMetricAlarm", "DeleteAlarms"}, Rate{3, 3}, true},
	{"IAM", []string{"*"}, Rate{40, 10}, true},
	// 40 a second is AWS's figure for reading and writing values together, at
	// the standard throughput; the others are assumptions.
	// https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm
	{"SSM", []string{"GetParameter*", "PutParameter"}, Rate{40, 40}, false},
	{"SSM", []string{"*"}, Rate{20, 10}, true},
	{"Secrets Manager", []string{"DescribeSecret"}, Rate{100, 40}, true},
	// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
	{"Route 53", []string{"*"}, Rate{5, 5}, false},
	// AWS publishes no figures for Application Auto Scaling.
	{"Application Auto Scaling", []string{"Describe*", "List*"}, Rate{40, 10}, true},
	{"Application Auto Scaling", []string{"*"}, Rate{20, 5}, true},
	// Nor for EC2 Auto Scaling.
	{"Auto Scaling", []string{"*"}, Rate{20, 5}, true},
	// https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
	{"ACM", []string{"*"}, Rate{5, 5}, true},
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html: the
	// figures of the smaller regions.
	{"Scheduler", []string{"CreateSchedule", "UpdateSchedule", "DeleteSchedule", "GetSchedule"}, Rate{250, 250}, true},
	{"Scheduler", []string{"ListSchedules"}, Rate{50, 50}, true},
	{"Scheduler", []string{"TagResource", "UntagResource", "ListTagsForResource"}, Rate{1, 1}, true},
	{"Scheduler", []string{"*"}, Rate{10, 10}, true},
	// 1200 requests in five minutes:
	// https://developers.cloudflare.com/fundamentals/api/reference/limits/
	{"Cloudflare", []string{"*"}, Rate{1200, 4}, false},
}

// limits are the caller's token buckets.
type limits struct {
	on      bool
	buckets map[string]*Bucket
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
		b = &Bucket{Level: r.Burst, At: now}
		l.buckets[key] = b
	}
	b.Fill(now, r)
	// A caller that counts in the same way must not lose by rounding.
	if b.Level < 1-1e-6 {
		return throttled(c.Service)
	}
	b.Level--
	return nil
}

// Fill adds the tokens for the time since the bucket was last filled.
func (b *Bucket) Fill(now time.Time, r Rate) {
	b.Level = min(r.Burst, b.Level+now.Sub(b.At).Seconds()*r.PerSecond)
	b.At = now
}

// limit finds the bucket of an operation; false when it has none.
func limit(service, op string) (key string, r Rate, ok bool) {
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
	return "", Rate{}, false
}

func (f family) has(op string) bool {
	return slices.ContainsFunc(f.operations, func(p string) bool {
		prefix, ok := strings.CutSuffix(p, "*")
		return p == op || ok && strings.HasPrefix(op, prefix)
	})
}
