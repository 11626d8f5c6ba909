package aws

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/engine"
)

// TestUntagSaysWhereTheMarkIs: for every type, the printed command removes the
// mark from where berth's lists read it: the tags or the description. A new type
// needs a line here, or says that it has no mark.
func TestUntagSaysWhereTheMarkIs(t *testing.T) {
	t.Parallel()
	const tags = "untag-resources --resource-arn-list arn:of:it"
	want := map[string]string{
		"iam.role":                      "update-role-description --role-name id",
		"sd.namespace":                  "update-private-dns-namespace --id id",
		"sd.service":                    "update-service --id id",
		"rds.subnet-group":              "--subnet-ids subnet-0a subnet-0b",
		"rds.parameter-group":           "copy-db-parameter-group",
		"elasticache.subnet-group":      "modify-cache-subnet-group --cache-subnet-group-name id",
		"elasticache.replication-group": "modify-replication-group --replication-group-id id",
		"ssm.parameter":                 "put-parameter --overwrite --name id",
		"ssm.password":                  "put-parameter --overwrite --name id",
		"ssm.secret":                    "put-parameter --overwrite --name id",
		"route53.hosted-zone":           "update-hosted-zone-comment --id id",
	}
	seen := 0
	for _, typ := range Types(&Clients{}, Place{}) {
		spec := typ.Spec()
		l := engine.Object{ID: "id", Outputs: map[string]string{"arn": "arn:of:it"}, Attrs: map[string]string{"subnets": `["subnet-0a","subnet-0b"]`}}
		how := Untag(spec.Name, l)
		part, described := want[spec.Name]
		switch {
		case described:
			seen++
		case strings.HasPrefix(spec.Name, "ec2."):
			part = "delete-tags --resources id"
		default:
			part = tags
		}
		if !strings.Contains(how, part) {
			t.Errorf("%s: %q, want it to hold %q", spec.Name, how, part)
		}
		if described && strings.Contains(how, "resourcegroupstaggingapi") {
			t.Errorf("%s: %q takes tags off that no list reads", spec.Name, how)
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d types with their mark in a description are there", seen, len(want))
	}
}
