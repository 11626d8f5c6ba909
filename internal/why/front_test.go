package why_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/why"
)

// TestRuleBefore: a rule before that of the service is a cause only if it takes every
// request that the service would get.
func TestRuleBefore(t *testing.T) {
	t.Parallel()
	host := func(values ...string) elbtypes.RuleCondition {
		return elbtypes.RuleCondition{Field: aws.String("host-header"), HostHeaderConfig: &elbtypes.HostHeaderConditionConfig{Values: values}}
	}
	path := func(values ...string) elbtypes.RuleCondition {
		return elbtypes.RuleCondition{Field: aws.String("path-pattern"), PathPatternConfig: &elbtypes.PathPatternConditionConfig{Values: values}}
	}
	header := elbtypes.RuleCondition{Field: aws.String("http-header"), HttpHeaderConfig: &elbtypes.HttpHeaderConditionConfig{Values: []string{"*"}}}
	on := func(conditions ...elbtypes.RuleCondition) []elbtypes.RuleCondition { return conditions }
	const mine, other = "arn:mine", "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/other/1"
	to := func(group string) []elbtypes.Action {
		return []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: aws.String(group)}}
	}
	for name, c := range map[string]struct {
		first, second []elbtypes.RuleCondition
		group, want   string
	}{
		"everything":               {on(path("/*")), on(path("/*")), other, "rule_before"},
		"the same host":            {on(host("a.example.com")), on(host("a.example.com")), other, "rule_before"},
		"a wider host":             {on(host("*.example.com")), on(host("a.example.com"), path("/api/*")), other, "rule_before"},
		"every host before a path": {on(host("*")), on(path("/api/*")), other, "rule_before"},
		"a path of a default rule": {on(path("/*")), nil, other, "rule_before"},
		"another host":             {on(host("b.example.com")), on(host("a.example.com")), other, ""},
		"one host of two":          {on(host("a.example.com")), on(host("a.example.com", "b.example.com")), other, ""},
		"a host before a path":     {on(host("a.example.com")), on(path("/*")), other, ""},
		"a part of the paths":      {on(path("/api/*")), on(path("/*")), other, ""},
		"one character":            {on(path("/?")), on(path("/ab")), other, ""},
		"a header":                 {on(path("/*"), header), on(path("/*")), other, ""},
		"the service itself":       {on(path("/*")), on(path("/*")), mine, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := why.Judge(&why.Facts{
				Subject: why.Subject{Name: "web", Service: "web"},
				Service: &types.Service{RunningCount: 1, DesiredCount: 1, LoadBalancers: []types.LoadBalancer{{TargetGroupArn: aws.String(mine)}}},
				Fronts: []why.Front{{Port: 80, Rules: []elbtypes.Rule{
					{Priority: aws.String("1"), Conditions: c.first, Actions: to(c.group)}, {Priority: aws.String("2"), Conditions: c.second, Actions: to(mine)},
				}}},
			})
			if a.Code != c.want {
				t.Errorf("code %q, want %q: %s", a.Code, c.want, a.Cause)
			}
		})
	}
}
