package ecs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Volume is something that the containers of a task can mount: a file system of
// EFS or of S3 Files, always with TLS and the task role's identity, or an empty
// directory on the task's own disk.
type Volume struct {
	Name string
	// FileSystem is the id of an EFS file system or the ARN of a file system of
	// S3 Files; empty for the task's disk.
	FileSystem engine.Ref
	// AccessPoint is the id of an access point, or its ARN for S3 Files; empty
	// mounts Path.
	AccessPoint engine.Ref
	// Path is a directory of the file system; empty is its root.
	Path string
}

// Mount is a volume in a container.
type Mount struct {
	Volume string
	// Path is the mount point in the container.
	Path     string
	ReadOnly bool
}

func volumesInput(volumes []Volume) []types.Volume {
	var out []types.Volume
	for _, v := range volumes {
		in := types.Volume{Name: aws.String(v.Name)}
		switch id := v.FileSystem.Value(); {
		case strings.HasPrefix(id, "arn:"):
			// S3 Files always enforces TLS and the role's identity.
			// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/s3files-volumes.html
			in.S3filesVolumeConfiguration = &types.S3FilesVolumeConfiguration{
				FileSystemArn: &id, AccessPointArn: gate.Optional(v.AccessPoint.Value()), RootDirectory: gate.Optional(v.Path),
			}
		case id != "":
			in.EfsVolumeConfiguration = &types.EFSVolumeConfiguration{
				FileSystemId: &id, RootDirectory: gate.Optional(v.Path), TransitEncryption: types.EFSTransitEncryptionEnabled,
				AuthorizationConfig: &types.EFSAuthorizationConfig{
					AccessPointId: gate.Optional(v.AccessPoint.Value()), Iam: types.EFSAuthorizationConfigIAMEnabled,
				},
			}
		}
		out = append(out, in)
	}
	return out
}

// volumesShown returns a revision's volumes in the order of the desired ones;
// the order has no meaning. A volume without TLS or without an identity is not
// berth's, and gets a name that no volume can have.
func volumesShown(volumes []types.Volume, want []Volume) []Volume {
	var out []Volume
	for _, v := range volumes {
		shown := Volume{Name: aws.ToString(v.Name)}
		if c := v.EfsVolumeConfiguration; c != nil {
			shown.FileSystem = engine.Lit(aws.ToString(c.FileSystemId))
			if path := aws.ToString(c.RootDirectory); path != "/" {
				shown.Path = path
			}
			safe := c.TransitEncryption == types.EFSTransitEncryptionEnabled
			if a := c.AuthorizationConfig; a != nil {
				shown.AccessPoint = engine.Lit(aws.ToString(a.AccessPointId))
				safe = safe && a.Iam == types.EFSAuthorizationConfigIAMEnabled
			}
			if !safe {
				shown.Name += " (without TLS or identity)"
			}
		}
		if c := v.S3filesVolumeConfiguration; c != nil {
			shown.FileSystem, shown.AccessPoint = engine.Lit(aws.ToString(c.FileSystemArn)), engine.Lit(aws.ToString(c.AccessPointArn))
			if path := aws.ToString(c.RootDirectory); path != "/" {
				shown.Path = path
			}
		}
		out = append(out, shown)
	}
	place := func(v Volume) uint {
		return uint(slices.IndexFunc(want, func(w Volume) bool { return w.Name == v.Name }))
	}
	slices.SortStableFunc(out, func(a, b Volume) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func mountsInput(mounts []Mount) []types.MountPoint {
	var out []types.MountPoint
	for _, m := range mounts {
		out = append(out, types.MountPoint{
			SourceVolume: aws.String(m.Volume), ContainerPath: aws.String(m.Path), ReadOnly: aws.Bool(m.ReadOnly),
		})
	}
	return out
}

func mountsShown(points []types.MountPoint) []Mount {
	var out []Mount
	for _, p := range points {
		out = append(out, Mount{
			Volume: aws.ToString(p.SourceVolume), Path: aws.ToString(p.ContainerPath), ReadOnly: aws.ToBool(p.ReadOnly),
		})
	}
	return out
}
