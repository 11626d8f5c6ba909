package compute

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// mount mounts the volumes of a task. If that is not possible it returns why;
// otherwise "".
func (p *startup) mount(t *task, d *taskDefinition) string {
	role := aws.ToString(d.Shown.TaskRoleArn)
	for _, v := range d.Shown.Volumes {
		for _, files := range p.needs.Files {
			if why := files.Mount(v, p.needs.Network.Zone(t.Subnet), t.Groups, role); why != "" {
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

// checkVolumes refuses the volumes of a task definition that ECS refuses.
func checkVolumes(volumes []types.Volume, containers []types.ContainerDefinition, role *string) error {
	var names []string
	for _, v := range volumes {
		if err := checkBucketVolume(v, role); err != nil {
			return err
		}
		name := aws.ToString(v.Name)
		switch c := v.EfsVolumeConfiguration; {
		case !familyName.MatchString(name) || slices.Contains(names, name):
			return badClient("Volume name '%s' is not valid or not unique.", name)
		case v.Host != nil && v.Host.SourcePath != nil:
			return badClient("Fargate compatible task definitions do not support sourcePath.")
		case c == nil:
		case aws.ToString(c.FileSystemId) == "":
			return badClient("EFS file system ID must not be empty.")
		case c.AuthorizationConfig != nil && c.TransitEncryption != types.EFSTransitEncryptionEnabled:
			return badClient("EFS transit encryption must be enabled when an access point or IAM authorization is used.")
		case c.AuthorizationConfig != nil && aws.ToString(c.AuthorizationConfig.AccessPointId) != "" && cmp.Or(aws.ToString(c.RootDirectory), "/") != "/":
			return badClient("The root directory must be omitted or set to / when an EFS access point is specified.")
		}
		names = append(names, name)
	}
	for _, c := range containers {
		for _, m := range c.MountPoints {
			if !slices.Contains(names, aws.ToString(m.SourceVolume)) {
				return badClient("Unknown volume '%s'.", aws.ToString(m.SourceVolume))
			}
		}
	}
	return nil
}

// checkBucketVolume refuses settings of a volume on a bucket that ECS refuses.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/s3files-volumes.html
func checkBucketVolume(v types.Volume, role *string) error {
	c := v.S3filesVolumeConfiguration
	switch {
	case c == nil:
		return nil
	case v.EfsVolumeConfiguration != nil:
		return badClient("Only one volume configuration can be specified per volume.")
	case !strings.HasPrefix(aws.ToString(c.FileSystemArn), "arn:") || !strings.Contains(*c.FileSystemArn, ":s3files:"):
		return badClient("S3 Files file system ARN is not valid.")
	case aws.ToString(c.AccessPointArn) != "" && !strings.HasPrefix(*c.AccessPointArn, *c.FileSystemArn+"/access-point/"):
		return badClient("S3 Files access point ARN is not valid.")
	case aws.ToString(c.AccessPointArn) != "" && cmp.Or(aws.ToString(c.RootDirectory), "/") != "/":
		return badClient("The root directory must be omitted or set to / when an S3 Files access point is specified.")
	case aws.ToString(role) == "":
		return badClient("A task role is required for S3 Files volumes.")
	}
	return nil
}
