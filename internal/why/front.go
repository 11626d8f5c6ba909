package why

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// Front is a listener of a load balancer that leads to the service.
type Front struct {
	Port int32
	// Rules are its rules in the order in which it asks them, the default one last.
	Rules []elbtypes.Rule
	// Closed says that the balancer's security groups let nobody in on the port.
	Closed bool
}

// astray says whether requests do not arrive at the service, though it runs.
func (f *Facts) astray() bool {
	_, closed := balancerClosed(f)
	_, before := ruleBefore(f)
	return closed || before
}

func balancerClosed(f *Facts) (cause, bool) {
	for _, front := range f.Fronts {
		if front.Closed {
			return cause{
				text: fmt.Sprintf("the security group of the load balancer lets nobody in on port %d", front.Port), now: true,
				shown: []string{"the load balancer leads to " + f.Name + " from that port"},
				next:  "`berth plan --deep` shows what was changed, `berth up` mends it",
			}, true
		}
	}
	return cause{}, false
}

// ruleBefore is a rule that takes all requests which are meant for the service.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
func ruleBefore(f *Facts) (cause, bool) {
	for _, front := range f.Fronts {
		if r := front.taken(f.groupARNs()); r != nil {
			return cause{
				text: fmt.Sprintf("a rule before that of %s on port %d %s", f.Name, front.Port, does(r.Actions)), now: true,
				shown: []string{"its priority is " + aws.ToString(r.Priority) + ", and it takes every request that is meant for " + f.Name},
				next:  "`aws elbv2 delete-rule --rule-arn " + aws.ToString(r.RuleArn) + "` removes it",
			}, true
		}
	}
	return cause{}, false
}

// groupARNs are the target groups of the service.
func (f *Facts) groupARNs() []string {
	if f.Service == nil {
		return nil
	}
	var arns []string
	for _, lb := range f.Service.LoadBalancers {
		arns = append(arns, aws.ToString(lb.TargetGroupArn))
		if a := lb.AdvancedConfiguration; a != nil {
			arns = append(arns, aws.ToString(a.AlternateTargetGroupArn))
		}
	}
	return arns
}

// taken is a rule before all rules that lead to some target groups, and that takes their
// requests; nil if requests get through.
func (f Front) taken(groups []string) *elbtypes.Rule {
	var by *elbtypes.Rule
	for i, mine := range f.Rules {
		if !leads(mine.Actions, groups) {
			continue
		}
		before := slices.IndexFunc(f.Rules[:i], func(r elbtypes.Rule) bool { return !leads(r.Actions, groups) && covers(r, mine) })
		if before < 0 {
			return nil
		}
		by = &f.Rules[before]
	}
	return by
}

// leads says whether actions forward to one of some target groups.
func leads(actions []elbtypes.Action, groups []string) bool {
	for _, a := range actions {
		if slices.Contains(groups, aws.ToString(a.TargetGroupArn)) {
			return true
		}
		if a.ForwardConfig == nil {
			continue
		}
		for _, t := range a.ForwardConfig.TargetGroups {
			if slices.Contains(groups, aws.ToString(t.TargetGroupArn)) {
				return true
			}
		}
	}
	return false
}

// does is what actions do with every request, in words.
func does(actions []elbtypes.Action) string {
	if len(actions) == 0 {
		return "takes all requests"
	}
	switch a := actions[len(actions)-1]; {
	case a.FixedResponseConfig != nil:
		return "answers all requests with " + aws.ToString(a.FixedResponseConfig.StatusCode)
	case a.RedirectConfig != nil:
		return "redirects all requests"
	case a.TargetGroupArn != nil:
		return "sends all requests to the target group " + name(*a.TargetGroupArn)
	}
	return "takes all requests"
}

// covers says whether a rule takes every request that another one would. Of conditions
// about anything but hosts and paths it is not known.
func covers(r, other elbtypes.Rule) bool {
	return !slices.ContainsFunc(r.Conditions, func(c elbtypes.RuleCondition) bool {
		patterns := values(c)
		if field := aws.ToString(c.Field); field != "host-header" && field != "path-pattern" {
			return true
		}
		if slices.Contains(patterns, "*") || slices.Contains(patterns, "/*") {
			return false
		}
		return !slices.ContainsFunc(other.Conditions, func(o elbtypes.RuleCondition) bool {
			return aws.ToString(o.Field) == aws.ToString(c.Field) && !slices.ContainsFunc(values(o), func(v string) bool {
				return !slices.ContainsFunc(patterns, func(p string) bool { return fits(p, v) })
			})
		})
	})
}

// values are the patterns of a condition about hosts or paths.
func values(c elbtypes.RuleCondition) []string {
	switch {
	case c.HostHeaderConfig != nil:
		return c.HostHeaderConfig.Values
	case c.PathPatternConfig != nil:
		return c.PathPatternConfig.Values
	}
	return c.Values
}

// fits says whether a text fits a pattern with the wildcards * and ?.
func fits(pattern, text string) bool {
	quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	ok, err := regexp.MatchString("^"+quoted+"$", text)
	return err == nil && ok
}
