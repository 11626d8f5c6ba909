package sandbox

import "strings"

// locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
func (p *rdsPart) locate(operation string, in any) string {
	if arn := fieldText(in, "ResourceName"); arn != "" {
		return arn
	}
	if operation == "DescribeDBSnapshots" {
		return p.account.arn("rds", "snapshot:*")
	}
	for _, field := range [][2]string{
		{"DBInstanceIdentifier", "db"}, {"DBSnapshotIdentifier", "snapshot"}, {"DBSubnetGroupName", "subgrp"}, {"DBParameterGroupName", "pg"},
	} {
		name := fieldText(in, field[0])
		switch {
		case strings.HasPrefix(name, "arn:"):
			return name
		case name != "":
			return p.account.arn("rds", field[1]+":"+name)
		case strings.Contains(operation, strings.TrimSuffix(strings.TrimSuffix(field[0], "Identifier"), "Name")):
			return p.account.arn("rds", field[1]+":*")
		}
	}
	return ""
}

var _ locator = (*rdsPart)(nil)
