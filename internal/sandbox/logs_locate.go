package sandbox

import "strings"

// locate names the log group that a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
func (p *logsPart) locate(_ string, in any) string {
	for _, field := range []string{"LogGroupName", "LogGroupIdentifier", "ResourceArn"} {
		switch id := fieldText(in, field); {
		case id == "":
		case strings.HasPrefix(id, "arn:"):
			return id
		default:
			return p.account.arn("logs", "log-group:"+id+":*")
		}
	}
	return ""
}

var _ locator = (*logsPart)(nil)
