package names

import (
	"github.com/berthdev/berth/internal/sandbox/world"
)

import "strings"

// Locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudmap.html
func (p *CloudMap) Locate(_ string, in any) string {
	if arn := world.FieldText(in, "ResourceARN"); arn != "" {
		return arn
	}
	for _, field := range []string{"ServiceId", "NamespaceId", "Id"} {
		id := world.FieldText(in, field)
		switch {
		case id == "":
		case strings.HasPrefix(id, "arn:"):
			return id
		case strings.HasPrefix(id, "ns-"):
			return p.account.ARN("servicediscovery", "namespace/"+id)
		default:
			return p.account.ARN("servicediscovery", "service/"+id)
		}
	}
	return ""
}

var _ world.Locator = (*CloudMap)(nil)
