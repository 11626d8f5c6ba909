package status

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// Container is one container of a task that has several.
type Container struct {
	// Name is that of its Compose service.
	Name   string `json:"name"`
	Status string `json:"status"`
	// Health is HEALTHY, UNHEALTHY or UNKNOWN.
	Health   string `json:"health"`
	ExitCode *int32 `json:"exit_code,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Image    string `json:"image,omitempty"`
	Digest   string `json:"digest,omitempty"`
}

// addContainers sets what a task's containers say. Berth's own are left out, unless
// they failed.
func (t *Task) addContainers(list []types.Container) {
	list = slices.DeleteFunc(slices.Clone(list), resource.IsHelper)
	for _, c := range list {
		t.Containers = append(t.Containers, Container{
			Name: aws.ToString(c.Name), Status: aws.ToString(c.LastStatus), Health: string(c.HealthStatus), ExitCode: c.ExitCode,
			Reason: aws.ToString(c.Reason), Image: aws.ToString(c.Image), Digest: aws.ToString(c.ImageDigest),
		})
		for _, n := range c.NetworkInterfaces {
			t.PrivateIP = aws.ToString(n.PrivateIpv4Address)
		}
	}
	several := len(t.Containers) > 1
	culprit := resource.Culprit(list)
	for i, c := range list {
		reason := aws.ToString(c.Reason)
		if reason == "" || resource.Unresolved(c) && culprit != &list[i] {
			continue // one that it waited for is the cause
		}
		if several && !resource.Unresolved(c) {
			reason = aws.ToString(c.Name) + ": " + reason
		}
		t.StoppedReason = strings.TrimPrefix(strings.TrimSpace(t.StoppedReason+": "+reason), ": ")
	}
	switch {
	case culprit == nil:
		for _, c := range t.Containers {
			if c.ExitCode != nil {
				t.ExitCode = c.ExitCode
			}
		}
	case resource.Unresolved(*culprit):
	default:
		t.ExitCode = culprit.ExitCode
		if several {
			t.culprit = aws.ToString(culprit.Name)
		}
	}
	if names := t.unhealthy(); len(names) == 1 && strings.Contains(t.StoppedReason, "health checks") {
		t.culprit = names[0]
	}
	t.ownIs("")
}

// ownIs sets what a task shows of its workload's own container, which is the one of
// this name, else the first.
func (t *Task) ownIs(name string) {
	i := slices.IndexFunc(t.Containers, func(c Container) bool { return c.Name == name })
	if i = max(i, 0); i < len(t.Containers) {
		own := t.Containers[i]
		t.Image, t.Digest = own.Image, own.Digest
		t.Containers = append([]Container{own}, slices.Delete(slices.Clone(t.Containers), i, i+1)...)
	}
}

// Sidecars are the containers of a task besides its workload's own.
func (t Task) Sidecars() []Container {
	if len(t.Containers) < 2 {
		return nil
	}
	return t.Containers[1:]
}

// unhealthy are the names of the containers whose check fails, if there are several
// containers.
func (t Task) unhealthy() []string {
	var names []string
	for _, c := range t.Containers {
		if c.Health == string(types.HealthStatusUnhealthy) && len(t.Containers) > 1 {
			names = append(names, c.Name)
		}
	}
	return names
}
