package metric

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// The namespaces of AWS's own metrics.
const (
	ECS      = "AWS/ECS"
	Balancer = "AWS/ApplicationELB"
	SQS      = "AWS/SQS"
)

// The metrics of ECS whose resolution a service can set.
const (
	CPU    = "CPUUtilization"
	Memory = "MemoryUtilization"
)

// The names of dimensions.
const (
	ClusterDimension  = "ClusterName"
	ServiceDimension  = "ServiceName"
	GroupDimension    = "TargetGroup"
	BalancerDimension = "LoadBalancer"
	QueueDimension    = "QueueName"
)

// Stat is a statistic of a metric by the minute. The dimensions are names and values in
// turns.
func Stat(namespace, name, stat string, dimensions ...string) *types.MetricStat {
	m := &types.Metric{Namespace: &namespace, MetricName: &name}
	for pair := range slices.Chunk(dimensions, 2) {
		m.Dimensions = append(m.Dimensions, types.Dimension{Name: &pair[0], Value: &pair[1]})
	}
	return &types.MetricStat{Metric: m, Period: aws.Int32(60), Stat: &stat}
}

// GroupName is what CloudWatch calls the target group of an ARN: its last part.
func GroupName(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

// BalancerName is what CloudWatch calls the load balancer of an ARN, such as app/NAME/ID;
// empty if it is none.
func BalancerName(arn string) string {
	_, name, _ := strings.Cut(arn, ":loadbalancer/")
	return name
}
