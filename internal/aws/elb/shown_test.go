package elb

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/engine"
)

func TestTargetOf(t *testing.T) {
	t.Parallel()
	forward := types.ActionTypeEnumForward
	for _, tt := range []struct {
		name    string
		actions []types.Action
		want    string
	}{
		{"one group", []types.Action{{Type: forward, TargetGroupArn: aws.String("blue")}}, "blue"},
		{"the heavier of two", []types.Action{{Type: forward, ForwardConfig: &types.ForwardActionConfig{
			TargetGroups: []types.TargetGroupTuple{
				{TargetGroupArn: aws.String("blue"), Weight: aws.Int32(0)},
				{TargetGroupArn: aws.String("green"), Weight: aws.Int32(100)},
			}}}}, "green"},
		{"another action", []types.Action{{Type: types.ActionTypeEnumRedirect}}, "(redirect)"},
		{"none", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := targetOf(tt.actions); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestShownRule(t *testing.T) {
	t.Parallel()
	got := shownRule(ruleOf{"l", types.Rule{
		Priority: aws.String("7"),
		Conditions: []types.RuleCondition{
			{Field: aws.String("host-header"), Values: []string{"old.example.com"}},
			{Field: aws.String("path-pattern"), PathPatternConfig: &types.PathPatternConditionConfig{Values: []string{"/a", "/b"}}},
			{Field: aws.String("source-ip"), SourceIpConfig: &types.SourceIpConditionConfig{Values: []string{"10.0.0.0/8"}}},
		},
		Actions: []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String("g")}},
	}})
	want := Rule{
		Listener: engine.Lit("l"), Priority: 7, Hosts: []string{"old.example.com"},
		Paths: []string{"/a", "/b", "if source-ip"}, TargetGroup: engine.Lit("g"),
	}
	if diff := cmp.Diff(engine.Shown(want), engine.Shown(got)); diff != "" {
		t.Error(diff)
	}
}

func TestOtherDefault(t *testing.T) {
	t.Parallel()
	fixed := func(code string) []types.Action {
		return []types.Action{{
			Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: &code},
		}}
	}
	for _, tt := range []struct {
		name    string
		actions []types.Action
		want    string
	}{
		{"berth's", defaultActions(Listener{}), ""},
		{"404 with other words", fixed("404"), ""},
		{"503", fixed("503"), "fixed-response 503"},
		{"login first", []types.Action{{Type: types.ActionTypeEnumAuthenticateOidc}, {Type: types.ActionTypeEnumForward}}, "authenticate-oidc, forward"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := otherDefault(tt.actions); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBalancerState(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		state  *types.LoadBalancerState
		want   engine.State
		detail string
	}{
		{"provisioning", &types.LoadBalancerState{Code: types.LoadBalancerStateEnumProvisioning}, engine.StatePending, "provisioning"},
		{"active", &types.LoadBalancerState{Code: types.LoadBalancerStateEnumActive}, engine.StateReady, "active"},
		{"impaired", &types.LoadBalancerState{Code: types.LoadBalancerStateEnumActiveImpaired}, engine.StateReady, "active_impaired"},
		{"failed", &types.LoadBalancerState{Code: types.LoadBalancerStateEnumFailed, Reason: aws.String("no addresses")}, engine.StateFailed, "no addresses"},
		{"failed silently", &types.LoadBalancerState{Code: types.LoadBalancerStateEnumFailed}, engine.StateFailed, "failed"},
		{"not shown", nil, engine.StateReady, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, detail := balancerState(tt.state); got != tt.want || detail != tt.detail {
				t.Errorf("got %s %q, want %s %q", got, detail, tt.want, tt.detail)
			}
		})
	}
}

func TestFreeBehind(t *testing.T) {
	t.Parallel()
	taken := []ruleOf{{"l", types.Rule{Priority: aws.String("10")}}, {"l", types.Rule{Priority: aws.String("11")}}}
	for priority, want := range map[int]int{9: 12, 10: 12, 11: 12, 12: 13, 50000: 49999} {
		if got := freeBehind(taken, priority); got != want {
			t.Errorf("behind %d: %d, want %d", priority, got, want)
		}
	}
}

// TestAttributesOfTheirKind: attributes of the other kind of balancer are not
// shown, even if the answer has them.
func TestAttributesOfTheirKind(t *testing.T) {
	t.Parallel()
	all := []types.LoadBalancerAttribute{
		{Key: aws.String(protectionKey), Value: aws.String("true")},
		{Key: aws.String(idleKey), Value: aws.String("60")},
		{Key: aws.String(crossZoneKey), Value: aws.String("true")},
	}
	for name, tt := range map[string]struct{ shown, want map[string]string }{
		"application": {map[string]string{}, map[string]string{"deletion_protection": "true", "idle_seconds": "60"}},
		"network": {map[string]string{"kind": Network},
			map[string]string{"kind": Network, "deletion_protection": "true", "cross_zone": "true"}},
	} {
		showAttributes(tt.shown, all)
		if diff := cmp.Diff(tt.want, tt.shown); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
