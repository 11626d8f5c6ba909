package aws

import (
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// Untag is the command that takes berth's tags off an object, which makes it
// nobody's for berth; empty if the object's id and outputs do not tell it.
func Untag(typ string, l engine.Live) string {
	arn := l.Output("arn")
	switch {
	case strings.HasPrefix(typ, "ec2."):
		return "aws ec2 delete-tags --resources " + l.ID + " --tags Key=" + engine.TagOwner
	case strings.HasPrefix(typ, "iam."):
		return "aws iam untag-role --role-name " + l.ID + " --tag-keys " + engine.TagOwner
	case typ == "route53.hosted-zone":
		return "aws route53 update-hosted-zone-comment --id " + l.ID + " --comment ''"
	case strings.HasPrefix(l.ID, "arn:"):
		arn = l.ID
	}
	if arn == "" {
		return ""
	}
	return "aws resourcegroupstaggingapi untag-resources --resource-arn-list " + arn + " --tag-keys " + engine.TagOwner
}
