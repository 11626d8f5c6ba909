package ecs

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// The tags of a service whose number of tasks was set by hand. They stay until the
// files ask for another number.
const (
	// TagScaled holds the number that the file asked for and the one that was set,
	// as FILE:SET.
	TagScaled = "berth:scaled"
	// TagPaused holds the number of tasks that a paused service had.
	TagPaused = "berth:paused"
)

// ByHand is what somebody set by hand on a service.
type ByHand struct {
	// Set is the number of tasks, File the one that the file asked for then; both are
	// 0 if none was set.
	Set, File int
	// Paused says that the service was paused, Before how many tasks it had.
	Paused bool
	Before int
}

// ByHandIn reads the tags of a service. A mark that the number of tasks contradicts
// does not count: something else has changed the number since.
func ByHandIn(tags map[string]string, count int) ByHand {
	var out ByHand
	file, set, ok := strings.Cut(tags[TagScaled], ":")
	if ok {
		out.File, out.Set = tasksIn(file), tasksIn(set)
	}
	if before, ok := tags[TagPaused]; ok && count == 0 {
		out.Paused, out.Before = true, tasksIn(before)
	} else if out.Set != count {
		return ByHand{}
	}
	return out
}

// ByHandOf is ByHandIn of a service that was read with its tags.
func ByHandOf(s types.Service) ByHand { return ByHandIn(tagMap(s.Tags), int(s.DesiredCount)) }

// tasksIn reads a number of tasks; what is none is 0.
func tasksIn(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// Marks are the tags that say what was set by hand.
func (h ByHand) Marks() map[string]string {
	out := map[string]string{}
	if h.Set != h.File {
		out[TagScaled] = fmt.Sprintf("%d:%d", h.File, h.Set)
	}
	if h.Paused {
		out[TagPaused] = strconv.Itoa(h.Before)
	}
	return out
}

// Count is the number of tasks that a service is to run.
func Count(object engine.Object) int {
	n := engine.ShownAs[Service](object).Desired
	return aws.ToInt(n)
}

// Scale sets the number of tasks, and the marks that say who did. The marks come
// first: without the number they mean nothing.
func (t Services) Scale(ctx context.Context, object engine.Object, count int, h ByHand) (engine.Object, error) {
	want := map[string]string{}
	for k, v := range object.Tags {
		if k != TagScaled && k != TagPaused {
			want[k] = v
		}
	}
	for k, v := range h.Marks() {
		want[k] = v
	}
	if err := setTags(ctx, t.API, object.ID, object.Tags, want); err != nil {
		return object, err
	}
	out, err := t.API.UpdateService(ctx, &ecs.UpdateServiceInput{
		Cluster: aws.String(clusterOf(object.ID)), Service: aws.String(object.ID), DesiredCount: int32Of(count),
	})
	if err != nil {
		return object, fmt.Errorf("scaling service %s: %w", LastPart(object.ID), passing(err))
	}
	now := serviceObject(*out.Service)
	now.Tags = want
	if out.Service.RunningCount != out.Service.DesiredCount && now.State == engine.StateReady {
		now.State, now.Detail = engine.StatePending, counts(*out.Service)
	}
	return now, nil
}

// keeps are the tags of a service that an update leaves alone: marks of what was set
// by hand, unless the files ask for another number of tasks.
func keeps(changed []string) []string {
	for _, name := range changed {
		if name == "desired" {
			return nil
		}
	}
	return []string{TagScaled, TagPaused}
}
