package strategy

import (
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// measured are the metrics whose resolution a service can set.
var measured = []string{"CPUUtilization", "MemoryUtilization"}

// CheckMonitoring checks how often a service is measured; the error is without its full stop.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MetricConfiguration.html
func CheckMonitoring(m *types.MonitoringConfiguration) error {
	if m == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, c := range m.MetricConfigurations {
		if s := aws.ToInt32(c.ResolutionSeconds); s != 20 && s != 60 {
			return errors.New("resolutionSeconds must be 20 or 60")
		}
		if len(c.MetricNames) == 0 {
			return errors.New("metricNames must have at least 1 item")
		}
		for _, name := range c.MetricNames {
			if !slices.Contains(measured, name) || seen[name] {
				return errors.New("metricNames must be CPUUtilization or MemoryUtilization, each once")
			}
			seen[name] = true
		}
	}
	return nil
}

// Fast says whether a metric is measured each 20 seconds.
func Fast(m *types.MonitoringConfiguration, name string) bool {
	return m != nil && slices.ContainsFunc(m.MetricConfigurations, func(c types.MetricConfiguration) bool {
		return aws.ToInt32(c.ResolutionSeconds) == 20 && slices.Contains(c.MetricNames, name)
	})
}
