package plantext

import (
	"fmt"
	"strings"
)

// nouns are the words for the types whose own names say little.
var nouns = map[string]string{
	"acm.certificate":               "certificate",
	"autoscaling.group":             "Auto Scaling group",
	"autoscaling.policy":            "scaling policy",
	"autoscaling.scheduled-action":  "scheduled range",
	"autoscaling.target":            "scaling range",
	"cloudflare.record":             "DNS record",
	"cloudflare.zone":               "DNS zone",
	"cloudwatch.alarm":              "alarm",
	"codebuild.project":             "CodeBuild project",
	"ec2.dhcp-options":              "DHCP options",
	"ec2.elastic-ip":                "Elastic IP",
	"ec2.internet-gateway":          "internet gateway",
	"ec2.launch-template":           "launch template",
	"ec2.nat-gateway":               "NAT gateway",
	"ec2.route":                     "route",
	"ec2.route-table":               "route table",
	"ec2.route-table-association":   "route table's association",
	"ec2.security-group":            "security group",
	"ec2.subnet":                    "subnet",
	"ec2.vpc":                       "VPC",
	"ec2.vpc-endpoint":              "VPC endpoint",
	"ecr.image":                     "image",
	"ecr.repository":                "repository",
	"ecs.capacity-provider":         "capacity provider of Managed Instances",
	"ecs.cluster":                   "cluster",
	"ecs.group-provider":            "capacity provider of EC2 instances",
	"ecs.job":                       "job",
	"ecs.service":                   "service",
	"ecs.task-definition":           "task definition",
	"efs.access-point":              "access point",
	"efs.file-system":               "file system",
	"efs.mount-target":              "mount target",
	"elasticache.replication-group": "cache",
	"elasticache.subnet-group":      "subnet group of caches",
	"elb.listener":                  "listener",
	"elb.load-balancer":             "load balancer",
	"elb.rule":                      "listener rule",
	"elb.target-group":              "target group",
	"iam.instance-profile":          "instance profile",
	"iam.role":                      "role",
	"iam.service-linked-role":       "service-linked role",
	"logs.log-group":                "log group",
	"rds.instance":                  "database",
	"rds.parameter-group":           "parameter group",
	"rds.subnet-group":              "subnet group of databases",
	"route53.hosted-zone":           "DNS zone",
	"route53.record":                "DNS record",
	"s3files.access-point":          "access point",
	"s3files.file-system":           "file system",
	"s3files.mount-target":          "mount target",
	"events.rule":                   "event rule",
	"logs.resource-policy":          "log policy",
	"scheduler.group":               "schedule group",
	"scheduler.schedule":            "schedule",
	"sd.instance":                   "private name",
	"sd.namespace":                  "private DNS namespace",
	"sd.service":                    "private name",
	"ssm.parameter":                 "parameter",
	"ssm.password":                  "password",
	"ssm.secret":                    "secret",
}

// Noun is the word for the objects of a resource type; the type itself if it has
// none.
func Noun(typ string) string {
	if n, ok := nouns[typ]; ok {
		return n
	}
	return typ
}

// Counted is a number with a noun: "1 service", "2 services".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %s", n, plural(noun))
}

func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "s"):
		return noun
	case strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ay"):
		return strings.TrimSuffix(noun, "y") + "ies"
	}
	return noun + "s"
}
