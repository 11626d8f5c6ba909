package elb

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// protocolOf returns AWS's name for a protocol of a target group or its check.
func protocolOf(protocol string) types.ProtocolEnum {
	if protocol == "" {
		return types.ProtocolEnumHttp
	}
	return types.ProtocolEnum(protocol)
}

// networkProtocol is a protocol as TargetGroup has it: empty for HTTP.
func networkProtocol(p types.ProtocolEnum) string {
	if p == types.ProtocolEnumHttp {
		return ""
	}
	return string(p)
}

// trafficPort is AWS's value for a check of the port that serves traffic.
const trafficPort = "traffic-port"

func checkPort(want TargetGroup) string {
	if want.CheckPort == 0 {
		return trafficPort
	}
	return strconv.Itoa(want.CheckPort)
}

// portOf returns the port of a check; 0 for the port that serves traffic.
func portOf(shown *string) int {
	n, err := strconv.Atoi(aws.ToString(shown))
	if err != nil {
		return 0
	}
	return n
}
