package bus

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// The kinds of ECS's events. Sources:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html,
// ecs_service_events.html and ecs_service_deployment_events.html beside it.
const (
	ofTask       = "ECS Task State Change"
	ofService    = "ECS Service Action"
	ofDeployment = "ECS Deployment State Change"
)

// TaskChanged is ECS's event about the state of a task: what DescribeTasks shows of it.
func (p *Bus) TaskChanged(at time.Time, t types.Task) {
	if len(p.s.Rules.Rows) == 0 {
		return
	}
	p.send(at, ofTask, aws.ToString(t.TaskArn), treeOf(t))
}

// word is a text of ECS about a service, with the event that EventBridge gets for it.
type word struct{ in, kind, name, level string }

var words = []word{
	{"has reached a steady state", ofService, "SERVICE_STEADY_STATE", "INFO"},
	{"is unable to consistently start tasks", ofService, "SERVICE_TASK_START_IMPAIRED", "WARN"},
	{"was unable to place a task", ofService, "SERVICE_TASK_PLACEMENT_FAILURE", "ERROR"},
	{"ECS deployment circuit breaker: rolling back", ofDeployment, inProgress, "INFO"},
	{" in progress.", ofDeployment, inProgress, "INFO"},
	{") deployment completed.", ofDeployment, "SERVICE_DEPLOYMENT_COMPLETED", "INFO"},
	{") deployment failed: ", ofDeployment, "SERVICE_DEPLOYMENT_FAILED", "ERROR"},
}

const inProgress = "SERVICE_DEPLOYMENT_IN_PROGRESS"

// Said is ECS's event about what it says of a service; most of its words have none.
func (p *Bus) Said(at time.Time, service, cluster, text string) {
	if len(p.s.Rules.Rows) == 0 {
		return
	}
	for _, w := range words {
		if !strings.Contains(text, w.in) {
			continue
		}
		detail := map[string]any{"eventType": w.level, "eventName": w.name, "clusterArn": cluster}
		stamp := at.UTC().Format("2006-01-02T15:04:05.000Z")
		if w.kind == ofService {
			detail["createdAt"] = stamp
		} else {
			id := deploymentIn(text)
			detail["updatedAt"], detail["deploymentId"], detail["reason"] = stamp, id, reasonOf(w, id, text)
		}
		p.send(at, w.kind, service, detail)
		return
	}
}

// deploymentIn is the id of the deployment in a text.
func deploymentIn(text string) string {
	_, rest, _ := strings.Cut(text, "ecs-svc/")
	digits := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsDigit(r) })
	if digits < 0 {
		digits = len(rest)
	}
	return "ecs-svc/" + rest[:digits]
}

// reasonOf is the reason in an event about a deployment, in the words of AWS's examples.
func reasonOf(w word, id, text string) string {
	switch {
	case w.name == inProgress:
		return text
	case strings.HasSuffix(w.name, "COMPLETED"):
		return "ECS deployment " + id + " completed."
	case strings.Contains(text, "tasks failed to start"):
		return "ECS deployment circuit breaker: task failed to start."
	}
	_, why, _ := strings.Cut(text, w.in)
	return "ECS deployment failed: " + why
}

// treeOf is an answer of ECS as its JSON has it: members begin with a small letter, and
// those that are not set are left out.
func treeOf(v any) map[string]any {
	text, err := json.Marshal(v)
	var tree any
	if err == nil {
		err = json.Unmarshal(text, &tree)
	}
	out, ok := lower(tree).(map[string]any)
	if err != nil || !ok {
		return map[string]any{}
	}
	return out
}

func lower(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if value != nil && value != "" {
				out[strings.ToLower(key[:1])+key[1:]] = lower(value)
			}
		}
		return out
	case []any:
		for i := range v {
			v[i] = lower(v[i])
		}
	}
	return v
}
