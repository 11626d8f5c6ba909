package why

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// containerCheck: "Task failed container health checks".
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-service-load-balancers.html
func containerCheck(f *Facts) (cause, bool) {
	failed := strings.Contains(f.reason(), "failed container health checks")
	check := f.container().HealthCheck
	c := cause{
		text: "the health check" + f.of() + " fails",
		next: "run its command in the image, or give it more time: healthcheck.start_period; then `berth up`",
	}
	if check == nil || len(check.Command) == 0 {
		return c, failed
	}
	command := check.Command
	if len(command) > 1 && strings.HasPrefix(command[0], "CMD") {
		command = command[1:]
	}
	c.text = "the health check" + f.of() + " fails: " + strings.Join(command, " ")
	c.shown = []string{fmt.Sprintf("it may fail %d times, every %d s, and counts from %d s after the start",
		aws.ToInt32(check.Retries), aws.ToInt32(check.Interval), aws.ToInt32(check.StartPeriod))}
	return c, failed
}

// sickness is a target group whose check fails, and what AWS says of it: of a target
// that is in it now, else in the event for one that was taken out of it:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
func (f *Facts) sickness() (g Group, why string, ok bool) {
	failed := strings.Contains(f.reason(), "failed ELB health checks")
	for _, g := range f.Groups {
		if t := g.sick(); t != nil && t.TargetHealth.State == elbtypes.TargetHealthStateEnumUnhealthy {
			return g, aws.ToString(t.TargetHealth.Description), true
		}
	}
	if !failed {
		return Group{}, "", false
	}
	for _, g := range f.Groups {
		text := f.event("is unhealthy in (target-group " + aws.ToString(g.TargetGroupArn) + ")")
		if _, rest, told := strings.Cut(text, "due to (reason "); told {
			return g, strings.TrimSuffix(strings.TrimSuffix(rest, "."), ")"), true
		}
	}
	if len(f.Groups) > 0 {
		return f.Groups[0], "", true
	}
	return Group{}, "", true
}

func balancerBlocked(f *Facts) (cause, bool) {
	for _, g := range f.Groups {
		ask := g.Port
		if admits, known := f.admits(g.BalancerGroups, ask); known && !admits {
			return cause{
				text: fmt.Sprintf("the security group of %s lets nothing in from the load balancer on port %d", f.Name, ask), now: true,
				next: "`berth plan` shows what was changed, `berth up` mends it",
			}, f.checkFails()
		}
	}
	return cause{}, false
}

// checkFails says whether the check of a load balancer fails.
func (f *Facts) checkFails() bool {
	_, _, ok := f.sickness()
	return ok
}

// asks is the check of a target group in words: GET /up on port 80.
func (g Group) asks() string {
	if path := aws.ToString(g.HealthCheckPath); path != "" {
		return fmt.Sprintf("GET %s on port %d", path, g.Port)
	}
	return fmt.Sprintf("a connection to port %d", g.Port)
}

// wants are the statuses that the check accepts.
func (g Group) wants() string {
	if g.Matcher == nil || g.Matcher.HttpCode == nil {
		return "200"
	}
	return *g.Matcher.HttpCode
}

// statuses are the statuses in the load balancer's text:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
func statuses(text string) string {
	m := regexp.MustCompile(`failed with these codes: \[([0-9, ]+)\]`).FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return m[1]
}

func healthStatus(f *Facts) (cause, bool) {
	g, why, ok := f.sickness()
	status := statuses(why)
	c := cause{
		text: fmt.Sprintf("%s answers the health check %s with %s", f.Name, g.asks(), status), now: true,
		shown: []string{"the load balancer accepts " + g.wants()},
		next:  "set x-berth.health.path to a path that answers, or correct the program; then `berth up`",
	}
	switch {
	case strings.HasPrefix(status, "3"):
		c.next = "the path redirects: set x-berth.health.path to one that answers itself, then `berth up`"
	case status == "401" || status == "403":
		c.next = "the path needs a login: set x-berth.health.path to one that does not, then `berth up`"
	case status == "502":
		c.text = fmt.Sprintf("%s does not answer the health check %s", f.Name, g.asks())
		c.next = "check that the program listens on that port and on all addresses; then `berth up`"
	}
	return c, ok && status != ""
}

func healthRefused(f *Facts) (cause, bool) {
	g, why, ok := f.sickness()
	return cause{
		text: fmt.Sprintf("nothing of %s listens on port %d", f.Name, g.Port), now: true,
		next: "set the port that the program listens on in `ports:`, and let it listen on all addresses; then `berth up`",
	}, ok && why == "Health checks failed"
}

func healthTimeout(f *Facts) (cause, bool) {
	g, why, ok := f.sickness()
	return cause{
		text: fmt.Sprintf("%s does not answer the health check %s in time", f.Name, g.asks()), now: true,
		next: "let the program listen on that port and on all addresses, or give it more time: healthcheck.start_period; then `berth up`",
	}, ok && strings.Contains(why, "timed out")
}

func noListenerRule(f *Facts) (cause, bool) {
	for _, g := range f.Groups {
		if t := g.sick(); t != nil && t.TargetHealth.State == elbtypes.TargetHealthStateEnumUnused && f.Service.RunningCount > 0 {
			return cause{
				text: "no listener rule of the load balancer leads to " + f.Name, now: true,
				next: "`berth up` makes the rule again",
			}, t.TargetHealth.Reason == elbtypes.TargetHealthReasonEnumNotInUse
		}
	}
	return cause{}, false
}

func balancerCheck(f *Facts) (cause, bool) {
	g, why, ok := f.sickness()
	return cause{
		text: strings.TrimSuffix(fmt.Sprintf("the load balancer's health check of %s fails: %s: %s", f.Name, g.asks(), why), ": "), now: true,
		next: "check ports, healthcheck and x-berth.health.path; then `berth up`",
	}, ok
}

// spotInterrupted: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
func spotInterrupted(f *Facts) (cause, bool) {
	return cause{
		text: "AWS took the Spot capacity of a task back",
		next: "nothing, if another one runs; x-berth.spot: false keeps tasks off Spot, then `berth up`",
	}, f.Task != nil && f.Task.StopCode == types.TaskStopCodeSpotInterruption
}

// maintenance: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html
func maintenance(f *Facts) (cause, bool) {
	return cause{
		text: "AWS replaced a task to maintain what it ran on", next: "nothing: ECS starts another one; two replicas bridge it",
	}, strings.Contains(f.reason(), "performing maintenance")
}

func stoppedByHand(f *Facts) (cause, bool) {
	reason := strings.TrimPrefix(f.reason(), "Task stopped by user")
	text := "somebody stopped the task"
	if reason = strings.Trim(reason, ": "); reason != "" {
		text += ": " + reason
	}
	return cause{text: text, next: "nothing: a service starts another one; `berth run " + f.Name + "` runs a job or service once more"},
		f.Task != nil && f.Task.StopCode == types.TaskStopCodeUserInitiated
}
