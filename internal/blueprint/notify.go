package blueprint

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/eventbridge"
	"github.com/berthdev/berth/internal/engine"
)

// NotifyRules is what the ARNs of the rules that publish to a project's topic have in
// common, for the policy of the topic.
func NotifyRules(a *app.App, f Facts) string {
	s := newScope(Stack(a), a.Settings, f)
	return s.arn("events", "rule/"+eventbridge.RuleName(s.owner, f.Region, notifyWord)) + "*"
}

// notifyWord begins the names of these rules.
const notifyWord = "notify-"

// notify adds the rules that publish what failed to the user's topic: tasks of services
// and jobs, and deployments.
func (r rules) notify() error {
	topic := r.of.app.Settings.Notify.Value
	if topic == "" {
		return nil
	}
	failed := map[string]any{"lastStatus": []any{"STOPPED"}, "$or": []any{
		map[string]any{"stopCode": []any{"TaskFailedToStart"}},
		map[string]any{"stopCode": []any{"EssentialContainerExited"}, "containers": r.failedContainers()},
		// What the scheduler says of tasks that fail their health checks; it says other
		// things of those that it stops for a deployment or for scaling.
		map[string]any{"stopCode": []any{"ServiceSchedulerInitiated"}, "stoppedReason": []any{map[string]any{"prefix": "Task failed "}}},
	}}
	err := r.add(notifyWord+"tasks", r.ofTasks(failed), eventbridge.Rule{
		Target: engine.Lit(topic), Paths: map[string]string{"group": "$.detail.group", "why": "$.detail.stoppedReason"},
		Template: r.message("a task of <group> failed: <why>"),
	})
	if err != nil {
		return err
	}
	ends := map[string]any{"$or": []any{
		map[string]any{"eventName": []any{"SERVICE_DEPLOYMENT_FAILED"}},
		map[string]any{"eventName": []any{"SERVICE_DEPLOYMENT_IN_PROGRESS"}, "reason": []any{map[string]any{"wildcard": "*rolling back*"}}},
	}}
	return r.add(notifyWord+"deployments", r.ofServices([]any{DeploymentEvent}, ends), eventbridge.Rule{
		Target: engine.Lit(topic), Paths: map[string]string{"service": "$.resources[0]", "why": "$.detail.reason"},
		Template: r.message("a deployment failed or goes back: <why> (<service>)"),
	})
}

// mostNames is how many characters the names of containers may have in a pattern, which has
// at most eventbridge.MaxPattern.
const mostNames = eventbridge.MaxPattern / 2

// failedContainers matches a task one of whose workload's own containers ended with another
// code than 0. When it ends well, its sidecars are stopped, and end with other codes. With
// more names than fit into a pattern, any container counts.
func (r rules) failedContainers() map[string]any {
	var names []any
	for _, w := range r.of.app.Workloads() {
		names = append(names, ContainerName(w.Name))
	}
	out := map[string]any{"exitCode": []any{map[string]any{"anything-but": 0}}}
	if text, err := json.Marshal(names); err == nil && len(text) <= mostNames {
		out["name"] = names
	}
	return out
}

// message is the template of a text. EventBridge takes JSON alone, so it is in quotes, and
// arrives with them.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
func (r rules) message(text string) string {
	next := "`berth why`"
	if r.of.app.Env != app.DefaultEnvironment {
		next = strings.Replace(next, "berth", "berth -e "+r.of.app.Env, 1)
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "<", "(", ">", ")").Replace(r.of.app.Name + " in " + r.of.app.Env)
	return fmt.Sprintf(`"%s: %s. Next: %s"`, quoted, text, next)
}
