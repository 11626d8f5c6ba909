package logs

import (
	"github.com/berthdev/berth/internal/sandbox/world"
)

import "strings"

// Locate names the log group that a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
func (p *Logs) Locate(_ string, in any) string {
	for _, field := range []string{"LogGroupName", "LogGroupIdentifier", "ResourceArn"} {
		switch id := world.FieldText(in, field); {
		case id == "":
		case strings.HasPrefix(id, "arn:"):
			return id
		default:
			return p.account.ARN("logs", "log-group:"+id+":*")
		}
	}
	return ""
}

var _ world.Locator = (*Logs)(nil)
