package gate

import (
	"strings"
	"time"
)

// limit is a token bucket's name and size.
type limit struct {
	bucket string
	// burst is the number of tokens of a full bucket, rate how many are added
	// per second.
	burst int
	rate  float64
}

// interval is the time between two tokens: one percent more than AWS's, as a
// margin for rounding and network jitter.
func (l limit) interval() time.Duration {
	return time.Duration(1.01 * float64(time.Second) / l.rate)
}

// Rate is how AWS limits an operation: burst calls at once, and then one in each every.
// Both are zero if berth keeps no limit.
func Rate(service, operation string) (burst int, every time.Duration) {
	l, ok := limitOf(service, operation)
	if !ok {
		return 0, 0
	}
	return l.burst, l.interval()
}

// limitOf is the limit of an operation; ok is false if berth keeps none. The
// figures for ECS, EC2 and Logs are AWS's own; ELB, Cloud Map and IAM publish few
// or none, so theirs are cautious assumptions.
func limitOf(service, operation string) (l limit, ok bool) {
	switch service {
	case "ec2":
		return ec2Limit(operation), true
	case "ecs":
		return ecsLimit(operation)
	case "logs":
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
		return limit{"logs " + operation, 10, 10}, true
	case "cloudwatch":
		return alarmLimit(operation)
	case "elb":
		if IsReading(operation) {
			return limit{"elb " + operation, 40, 10}, true
		}
		return limit{"elb " + operation, 20, 5}, true
	case "ssm":
		return ssmLimit(operation), true
	case "route53":
		// Five requests a second for the whole account, all operations together:
		// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
		return limit{"route53", 5, 5}, true
	case "autoscaling":
		// AWS publishes no figures.
		if IsReading(operation) {
			return limit{"autoscaling " + operation, 40, 10}, true
		}
		return limit{"autoscaling " + operation, 20, 5}, true
	case "acm":
		// https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html: 5 to 10
		return limit{"acm " + operation, 5, 5}, true
	case "scheduler":
		return schedulerLimit(operation), true
	case "sd", "iam":
		return limit{service + " " + operation, 40, 10}, true
	}
	return limit{}, false
}

// alarmLimit: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
func alarmLimit(operation string) (l limit, ok bool) {
	switch operation {
	case "DescribeAlarms":
		return limit{"cloudwatch " + operation, 9, 9}, true
	case "PutMetricAlarm", "DeleteAlarms":
		return limit{"cloudwatch " + operation, 3, 3}, true
	}
	return limit{}, false
}

// ec2Limit: every EC2 operation has its own bucket, whose size depends on the
// operation's category.
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
func ec2Limit(operation string) limit {
	l := limit{bucket: "ec2 " + operation, burst: 50, rate: 5}
	switch operation {
	case "CreateNatGateway", "DeleteNatGateway":
		l.burst, l.rate = 10, 1
	case "CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint":
		l.burst, l.rate = 4, 0.3
	case "CreateTags":
		l.burst, l.rate = 100, 10
	case "CreateNetworkInterface":
		l.burst, l.rate = 100, 5
	case "RunInstances":
		l.burst, l.rate = 5, 2
	default:
		if IsReading(operation) {
			l.burst, l.rate = 100, 20
		}
	}
	return l
}

// ssmLimit: reading and writing values share a bucket; the limits of the others
// are cautious assumptions.
// https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm
func ssmLimit(operation string) limit {
	switch operation {
	case "GetParameter", "GetParameters", "GetParametersByPath", "PutParameter":
		return limit{"ssm values", 40, 40}
	}
	return limit{"ssm " + operation, 20, 10}
}

// schedulerLimit: AWS publishes requests a second, of which the figures here are those of
// the smaller regions; a bucket holds those of one second.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
func schedulerLimit(operation string) limit {
	l := limit{bucket: "scheduler " + operation, burst: 10, rate: 10}
	switch operation {
	case "CreateSchedule", "UpdateSchedule", "DeleteSchedule", "GetSchedule":
		l.burst, l.rate = 250, 250
	case "ListSchedules":
		l.burst, l.rate = 50, 50
	case "TagResource", "UntagResource", "ListTagsForResource":
		l.burst, l.rate = 1, 1
	}
	return l
}

// ecsLimit: the operations of a category share one of ECS's buckets.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
func ecsLimit(operation string) (limit, bool) {
	switch operation {
	case "CreateCluster", "DeleteCluster", "UpdateCluster", "UpdateClusterSettings", "PutClusterCapacityProviders":
		return limit{"ecs cluster modify", 20, 1}, true
	case "DescribeClusters", "ListClusters":
		return limit{"ecs cluster read", 50, 20}, true
	case "RegisterTaskDefinition", "DeregisterTaskDefinition":
		return limit{"ecs task definition modify", 20, 1}, true
	case "DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies":
		return limit{"ecs task definition read", 50, 20}, true
	case "DeleteTaskDefinitions":
		return limit{"ecs task definition delete", 5, 1}, true
	case "CreateCapacityProvider", "UpdateCapacityProvider", "DeleteCapacityProvider":
		return limit{"ecs capacity provider modify", 10, 1}, true
	case "TagResource", "UntagResource":
		return limit{"ecs tag modify", 20, 10}, true
	case "ListTagsForResource":
		return limit{"ecs tag read", 50, 20}, true
	case "PutAccountSetting", "PutAccountSettingDefault", "DeleteAccountSetting":
		return limit{"ecs account setting modify", 10, 1}, true
	case "RunTask":
		// 40 a second, but AWS starts 20 Fargate tasks a second.
		return limit{"ecs run task", 100, 20}, true
	case "StartTask", "StopTask", "ExecuteCommand":
		return limit{"ecs task modify", 100, 40}, true
	case "DescribeTasks", "ListTasks":
		return limit{"ecs task read", 100, 20}, true
	case "CreateService", "UpdateService", "DeleteService":
		return limit{"ecs service modify", 50, 5}, true
	case "DescribeServices", "ListServices":
		return limit{"ecs service read", 100, 20}, true
	case "ListServicesByNamespace":
		return limit{"ecs services by namespace", 10, 1}, true
	}
	if strings.Contains(operation, "ServiceDeployment") {
		return limit{"ecs service deployment read", 50, 20}, true
	}
	if strings.Contains(operation, "ServiceRevision") {
		return limit{"ecs service revision read", 50, 20}, true
	}
	return limit{}, false
}
