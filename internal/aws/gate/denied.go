package gate

import (
	"errors"
	"reflect"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/engine"
)

// Missing returns the IAM action that a denied caller lacks, and for which
// resource. If AWS's message does not name them, they are the operation's own
// action and the object that its input names, or "*" without one. ok is false if
// err is not a denial.
func Missing(err error) (action, resource string, ok bool) {
	var e *Error
	if !errors.As(err, &e) || e.class != engine.Denied {
		return "", "", false
	}
	if m := deniedPattern().FindStringSubmatch(e.Message); m != nil {
		action, resource = m[1], strings.TrimRight(m[2], ".,")
	}
	if action == "" {
		action = e.prefix + ":" + actionOf(e.Service, e.Operation)
	}
	// An action that a call implies in another service is not about the call's
	// own object.
	if resource == "" && strings.HasPrefix(action, e.prefix+":") {
		resource = e.object
	}
	if resource == "" {
		resource = "*"
	}
	return action, resource, true
}

// objectOf returns the ARN of the object that a call is about, if its input has
// one: in a field named after it, or as a bucket and a key. A role that the
// call passes on is not that object.
func objectOf(e *Error, in any) string {
	v := reflect.Indirect(reflect.ValueOf(in))
	if v.Kind() != reflect.Struct {
		return ""
	}
	text := func(field string) string {
		if f := v.FieldByName(field); f.IsValid() {
			s, _ := f.Interface().(*string)
			return aws.ToString(s)
		}
		return ""
	}
	if bucket := text("Bucket"); bucket != "" && e.Service == "s3" {
		arn := "arn:" + partitionOf(e.region) + ":s3:::" + bucket
		if key := text("Key"); key != "" {
			arn += "/" + key
		}
		return arn
	}
	for _, field := range []string{
		"RuleArn", "ListenerArn", "TargetGroupArn", "LoadBalancerArn", "CertificateArn", "ResourceArn", "ResourceARN",
		"ResourceName", "ResourceId", "SecretId", "Service", "Cluster", "Task", "FileSystemId", "AccessPointId", "Name",
	} {
		if arn := text(field); strings.HasPrefix(arn, "arn:") {
			return arn
		}
	}
	return ""
}

// partitionOf is the partition of a region, as ARNs have it.
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// deniedPattern matches "User: ARN is not authorized to perform: ec2:CreateVpc
// on resource: ARN because ...".
func deniedPattern() *regexp.Regexp {
	return regexp.MustCompile(
		`not authorized to perform: ?"?([a-z0-9-]+:[A-Za-z0-9]+)"?(?:,? (?:on|with) resource: ?"?([^\s"]+))?`)
}

// actionOf is the IAM action of an operation; S3 names them differently.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
func actionOf(service, operation string) string {
	if service != "s3" {
		return operation
	}
	switch operation {
	case "HeadObject":
		return "GetObject"
	case "HeadBucket", "ListObjectsV2", "ListObjects":
		return "ListBucket"
	case "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload":
		return "PutObject"
	case "ListObjectVersions":
		return "ListBucketVersions"
	case "DeleteObjects":
		return "DeleteObject"
	case "PutBucketEncryption":
		return "PutEncryptionConfiguration"
	case "GetBucketEncryption":
		return "GetEncryptionConfiguration"
	case "PutPublicAccessBlock":
		return "PutBucketPublicAccessBlock"
	case "GetPublicAccessBlock":
		return "GetBucketPublicAccessBlock"
	case "ListBuckets":
		return "ListAllMyBuckets"
	}
	return operation
}
