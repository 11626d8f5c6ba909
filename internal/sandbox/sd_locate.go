package sandbox

import "strings"

// locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudmap.html
func (p *sdPart) locate(_ string, in any) string {
	if arn := fieldText(in, "ResourceARN"); arn != "" {
		return arn
	}
	for _, field := range []string{"ServiceId", "NamespaceId", "Id"} {
		id := fieldText(in, field)
		switch {
		case id == "":
		case strings.HasPrefix(id, "arn:"):
			return id
		case strings.HasPrefix(id, "ns-"):
			return p.account.arn("servicediscovery", "namespace/"+id)
		default:
			return p.account.arn("servicediscovery", "service/"+id)
		}
	}
	return ""
}

var _ locator = (*sdPart)(nil)
