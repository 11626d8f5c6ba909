package gate

import (
	"context"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
)

// service is what berth knows about an AWS service.
type service struct {
	// name is berth's short name, as in resource types.
	name string
	// prefix is the prefix of the service's IAM actions.
	prefix string
	// xml services answer in XML, the others in JSON.
	xml bool
	// unguarded services are used without the lease.
	unguarded bool
}

// serviceByID looks a service up by its SDK id.
func serviceByID(id string) service {
	switch id {
	case "EC2":
		return service{name: "ec2", prefix: "ec2", xml: true}
	case "ECS":
		return service{name: "ecs", prefix: "ecs"}
	case "IAM":
		return service{name: "iam", prefix: "iam", xml: true}
	case "Elastic Load Balancing v2":
		return service{name: "elb", prefix: "elasticloadbalancing", xml: true}
	case "EFS":
		return service{name: "efs", prefix: "elasticfilesystem"}
	case "CloudWatch Logs":
		return service{name: "logs", prefix: "logs"}
	case "EventBridge":
		return service{name: "events", prefix: "events"}
	case "ServiceDiscovery":
		return service{name: "sd", prefix: "servicediscovery"}
	case "Service Quotas":
		return service{name: "quotas", prefix: "servicequotas"}
	case "Resource Groups Tagging API":
		return service{name: "tagging", prefix: "tag"}
	case "Auto Scaling":
		return service{name: "autoscaling", prefix: "autoscaling", xml: true}
	case "Application Auto Scaling":
		return service{name: "autoscaling", prefix: "application-autoscaling"}
	case "ACM":
		return service{name: "acm", prefix: "acm"}
	case "Route 53":
		return service{name: "route53", prefix: "route53", xml: true}
	case "S3":
		return service{name: "s3", prefix: "s3", unguarded: true, xml: true}
	case "STS":
		return service{name: "sts", prefix: "sts", unguarded: true, xml: true}
	}
	name := strings.ToLower(strings.ReplaceAll(id, " ", ""))
	return service{name: name, prefix: name, xml: name == "rds" || name == "elasticache" || name == "sns"}
}

func serviceOf(ctx context.Context) service { return serviceByID(awsmiddleware.GetServiceID(ctx)) }

// IsReading says whether an operation of this name changes nothing.
func IsReading(operation string) bool {
	for _, verb := range []string{
		"Describe", "List", "Get", "Head", "BatchGet", "Search", "Lookup", "Filter", "Discover",
	} {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return false
}
