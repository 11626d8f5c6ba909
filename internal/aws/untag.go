package aws

import (
	"strings"

	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/engine"
)

// Untag says how to take berth's mark off an object, so that berth no longer owns
// it: with commands that can be pasted, or in words if AWS has no command. It
// returns nothing if the object's id and outputs do not suffice. If lists show no
// tags, the mark is in a description, and removing the tags alone changes nothing.
func Untag(typ string, l engine.Object) string {
	if how, ok := undescribe(typ, l); ok {
		return how
	}
	arn := l.Output("arn")
	switch {
	case strings.HasPrefix(typ, "ec2."):
		return takeOff + "aws ec2 delete-tags --resources " + l.ID + " --tags Key=" + engine.TagOwner
	case strings.HasPrefix(l.ID, "arn:"):
		arn = l.ID
	}
	if arn == "" {
		return ""
	}
	return takeOff + untagARN(arn)
}

const (
	takeOff   = "remove the tag: "
	takeMark  = "remove the mark from its description: "
	noMark    = "no-owner" // some descriptions must not be empty
	needsMore = "; repeat all its other values, AWS removes what the call leaves out"
)

func untagARN(arn string) string {
	return "aws resourcegroupstaggingapi untag-resources --resource-arn-list " + arn + " --tag-keys " + engine.TagOwner
}

// undescribe is Untag for types whose mark is in a description, a comment or a
// record; ok is false for all others.
func undescribe(typ string, l engine.Object) (how string, ok bool) {
	switch typ {
	case "iam.role": // its tags count if the description has no mark
		return takeMark + "aws iam update-role-description --role-name " + l.ID + " --description '' && aws iam untag-role --role-name " +
			l.ID + " --tag-keys " + engine.TagOwner, true
	case "sd.namespace":
		return takeMark + "aws servicediscovery update-private-dns-namespace --id " + l.ID + " --namespace Description=" + noMark, true
	case "sd.service":
		// https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateService.html
		return takeMark + "aws servicediscovery update-service --id " + l.ID + " --service Description=" + noMark +
			",DnsConfig={DnsRecords=[...]}" + needsMore, true
	case "rds.subnet-group":
		return takeMark + "aws rds modify-db-subnet-group --db-subnet-group-name " + l.ID + " --db-subnet-group-description " + noMark +
			" --subnet-ids " + strings.Join(subnetsOf(l), " "), true
	case "rds.parameter-group":
		// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
		return "AWS cannot change its description, where the mark is: copy it under another name with aws rds copy-db-parameter-group, and use the copy", true
	case "elasticache.subnet-group":
		return takeMark + "aws elasticache modify-cache-subnet-group --cache-subnet-group-name " + l.ID +
			" --cache-subnet-group-description " + noMark, true
	case "elasticache.replication-group":
		return takeMark + "aws elasticache modify-replication-group --replication-group-id " + l.ID +
			" --replication-group-description " + noMark + " --apply-immediately", true
	case "ssm.parameter", "ssm.password", "ssm.secret":
		// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
		return takeMark + "aws ssm put-parameter --overwrite --name " + l.ID + " --description " + noMark + " --value ..." + needsMore, true
	case "route53.hosted-zone":
		return takeMark + "aws route53 update-hosted-zone-comment --id " + l.ID + " --comment ''", true
	}
	return "", false
}

// subnetsOf returns the subnets of a database's subnet group; AWS requires them in
// a change of its description.
func subnetsOf(l engine.Object) []string {
	ids := engine.Values(engine.ShownAs[rds.SubnetGroup](l).Subnets)
	if len(ids) == 0 {
		return []string{"..." + needsMore}
	}
	return ids
}
