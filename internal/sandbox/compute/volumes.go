package compute

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// mount mounts the volumes of a task. If that is not possible it returns why;
// otherwise "".
func (n *Needs) mount(t *task, d *taskDefinition) string {
	role := aws.ToString(d.Shown.TaskRoleArn)
	for _, v := range d.Shown.Volumes {
		for _, files := range n.Files {
			if why := files.Mount(v, n.Network.Zone(t.Subnet), t.Groups, role); why != "" {
				return why
			}
		}
	}
	return ""
}

// Mounts reports whether a task mounts a file system on a bucket now, and when the
// last such task stopped; zero if none has.
func (p *ECS) Mounts(fileSystem string) (now bool, last time.Time) {
	for _, t := range p.s.Tasks.All() {
		d := p.s.Definitions.Get(t.Definition)
		if d == nil || !mountsBucketSystem(d, fileSystem) {
			continue
		}
		if t.Stopped.IsZero() {
			return true, last
		}
		if t.Stopped.After(last) {
			last = t.Stopped
		}
	}
	return false, last
}

// mountsBucketSystem reports whether the tasks of a definition mount a file system
// on a bucket.
func mountsBucketSystem(d *taskDefinition, arn string) bool {
	return slices.ContainsFunc(d.Shown.Volumes, func(v types.Volume) bool {
		return v.S3filesVolumeConfiguration != nil && aws.ToString(v.S3filesVolumeConfiguration.FileSystemArn) == arn
	})
}
