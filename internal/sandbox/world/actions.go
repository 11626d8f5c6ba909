package world

import (
	"reflect"
	"slices"
	"strings"
)

// prefixes are the services' names in IAM actions, by the SDK's service id.
var prefixes = map[string]string{
	"ACM":                         "acm",
	"Route 53":                    "route53",
	"EC2":                         "ec2",
	"IAM":                         "iam",
	"STS":                         "sts",
	"S3":                          "s3",
	"ECS":                         "ecs",
	"Elastic Load Balancing v2":   "elasticloadbalancing",
	"ServiceDiscovery":            "servicediscovery",
	"CloudWatch":                  "cloudwatch",
	"CloudWatch Logs":             "logs",
	"EFS":                         "elasticfilesystem",
	"S3Files":                     "s3files",
	"ECR":                         "ecr",
	"CodeBuild":                   "codebuild",
	"Service Quotas":              "servicequotas",
	"Resource Groups Tagging API": "tag",
	"SSM":                         "ssm",
	"Secrets Manager":             "secretsmanager",
	"RDS":                         "rds",
	"ElastiCache":                 "elasticache",
	"Scheduler":                   "scheduler",
	"EventBridge":                 "events",
	"SNS":                         "sns",
	"SQS":                         "sqs",
	"Application Auto Scaling":    "application-autoscaling",
	"Auto Scaling":                "autoscaling",
}

// renamed are the operations whose IAM action has another name, from the
// "Actions" tables of the service authorization reference.
var renamed = map[string]string{
	"s3:HeadBucket":                      "s3:ListBucket",
	"s3:ListObjectsV2":                   "s3:ListBucket",
	"s3:ListBuckets":                     "s3:ListAllMyBuckets",
	"s3:HeadObject":                      "s3:GetObject",
	"s3:CreateMultipartUpload":           "s3:PutObject",
	"s3:UploadPart":                      "s3:PutObject",
	"s3:CompleteMultipartUpload":         "s3:PutObject",
	"s3:DeleteObjects":                   "s3:DeleteObject",
	"s3:ListObjectVersions":              "s3:ListBucketVersions",
	"s3:GetBucketEncryption":             "s3:GetEncryptionConfiguration",
	"s3:PutBucketEncryption":             "s3:PutEncryptionConfiguration",
	"s3:GetPublicAccessBlock":            "s3:GetBucketPublicAccessBlock",
	"s3:PutPublicAccessBlock":            "s3:PutBucketPublicAccessBlock",
	"s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
	"s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
}

// taggingActions has the further action that a create with tags needs.
var taggingActions = map[string]string{
	"acm":                  "acm:AddTagsToCertificate",
	"ec2":                  "ec2:CreateTags",
	"ecr":                  "ecr:TagResource",
	"ecs":                  "ecs:TagResource",
	"elasticfilesystem":    "elasticfilesystem:TagResource",
	"s3files":              "s3files:TagResource",
	"elasticloadbalancing": "elasticloadbalancing:AddTags",
	"iam":                  "iam:TagRole",
	"logs":                 "logs:TagResource",
	"cloudwatch":           "cloudwatch:TagResource",
	"servicediscovery":     "servicediscovery:TagResource",
	"ssm":                  "ssm:AddTagsToResource",
	"secretsmanager":       "secretsmanager:TagResource",
	"rds":                  "rds:AddTagsToResource",
	"elasticache":          "elasticache:AddTagsToResource",
	"scheduler":            "scheduler:TagResource",
	"events":               "events:TagResource",

	"autoscaling":             "autoscaling:CreateOrUpdateTags",
	"application-autoscaling": "application-autoscaling:TagResource",
}

// prefixOf is a service's name in IAM actions.
func prefixOf(service string) string {
	if prefix, ok := prefixes[service]; ok {
		return prefix
	}
	return strings.ToLower(strings.ReplaceAll(service, " ", ""))
}

// ownAction is the permission of an operation itself.
func ownAction(service, op string) string {
	own := prefixOf(service) + ":" + op
	if name, ok := renamed[own]; ok {
		return name
	}
	return own
}

// actionsOf lists the permissions that a call needs, its own first.
func actionsOf(service, op string, in any) []string {
	actions := []string{ownAction(service, op)}
	prefix := prefixOf(service)
	if tag := taggingActions[prefix]; tag != "" && tag != actions[0] && hasTags(op, in) {
		actions = append(actions, tag)
	}
	return append(actions, impliedBy(prefix, op, in)...)
}

// hasTags reports whether a call creates something and tags it.
func hasTags(op string, in any) bool {
	return mayTag(op, in) && slices.ContainsFunc(tagFields(), func(name string) bool { return !zeroField(in, name) })
}

// mayTag reports whether a call can create something with tags.
func mayTag(op string, in any) bool {
	t := reflect.TypeOf(in)
	if strings.Contains(op, "Tag") || !Mutating(op) || t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return false
	}
	return slices.ContainsFunc(tagFields(), func(name string) bool {
		_, ok := t.Elem().FieldByName(name)
		return ok
	})
}

// tagFields are the fields of an input that carry tags.
func tagFields() []string { return []string{"Tags", "TagSpecifications"} }
