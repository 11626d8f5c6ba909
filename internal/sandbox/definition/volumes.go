package definition

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// checkVolumes refuses the volumes of a task definition that ECS refuses.
func checkVolumes(volumes []types.Volume, containers []types.ContainerDefinition, role *string) error {
	var names []string
	for _, v := range volumes {
		if err := checkBucketVolume(v, role); err != nil {
			return err
		}
		name := aws.ToString(v.Name)
		switch c := v.EfsVolumeConfiguration; {
		case !Name.MatchString(name) || slices.Contains(names, name):
			return refused("Volume name '%s' is not valid or not unique.", name)
		case v.Host != nil && v.Host.SourcePath != nil:
			return refused("Fargate compatible task definitions do not support sourcePath.")
		case c == nil:
		case aws.ToString(c.FileSystemId) == "":
			return refused("EFS file system ID must not be empty.")
		case c.AuthorizationConfig != nil && c.TransitEncryption != types.EFSTransitEncryptionEnabled:
			return refused("EFS transit encryption must be enabled when an access point or IAM authorization is used.")
		case c.AuthorizationConfig != nil && aws.ToString(c.AuthorizationConfig.AccessPointId) != "" && cmp.Or(aws.ToString(c.RootDirectory), "/") != "/":
			return refused("The root directory must be omitted or set to / when an EFS access point is specified.")
		}
		names = append(names, name)
	}
	for _, c := range containers {
		for _, m := range c.MountPoints {
			if !slices.Contains(names, aws.ToString(m.SourceVolume)) {
				return refused("Unknown volume '%s'.", aws.ToString(m.SourceVolume))
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
		return refused("Only one volume configuration can be specified per volume.")
	case !strings.HasPrefix(aws.ToString(c.FileSystemArn), "arn:") || !strings.Contains(*c.FileSystemArn, ":s3files:"):
		return refused("S3 Files file system ARN is not valid.")
	case aws.ToString(c.AccessPointArn) != "" && !strings.HasPrefix(*c.AccessPointArn, *c.FileSystemArn+"/access-point/"):
		return refused("S3 Files access point ARN is not valid.")
	case aws.ToString(c.AccessPointArn) != "" && cmp.Or(aws.ToString(c.RootDirectory), "/") != "/":
		return refused("The root directory must be omitted or set to / when an S3 Files access point is specified.")
	case aws.ToString(role) == "":
		return refused("A task role is required for S3 Files volumes.")
	}
	return nil
}
