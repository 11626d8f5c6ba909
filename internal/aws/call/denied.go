package call

import (
	"errors"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// Missing is the IAM action that a denied caller lacks, and the resource that
// it lacks it for: as AWS's message names them, else the operation's own action
// and "*". ok is false if err is no denial.
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
	if resource == "" {
		resource = "*"
	}
	return action, resource, true
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
