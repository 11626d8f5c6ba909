package blueprint

import (
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/s3files"
	"github.com/berthdev/berth/internal/engine"
)

// mounts are the stack's access points, by which its workloads mount volumes.
type mounts struct {
	stack
	// points are the access points by volume.
	points map[string]*engine.Node
}

// newMounts is the stage of the volumes: an access point for each volume on a file
// system of the environment.
func newMounts(s stack) mounts {
	m := mounts{stack: s, points: map[string]*engine.Node{}}
	for _, v := range s.app.OnEFS() {
		m.points[v.Name] = s.add(v.Name, efs.AccessPoint{
			FileSystem: s.env.files.of(v).node.ID().WhenReady(), Path: v.Path, UID: v.UID, GID: v.GID,
		}).Label(v.Labels)
	}
	for _, v := range s.app.Volumes {
		if v.OnBucket() {
			m.points[v.Name] = s.add(v.Name, s3files.AccessPoint{
				FileSystem: s.env.files.of(v).node.ID().WhenReady(), UID: v.UID, GID: v.GID,
			}).Label(v.Labels)
		}
	}
	return m
}

// volumes are the volumes of a workload's task, in the order of their mounts.
func (m mounts) volumes(w app.Workload) []ecs.Volume {
	var out []ecs.Volume
	for _, mount := range w.AllMounts() {
		want := ecs.Volume{Name: volumeName(mount)}
		if slices.ContainsFunc(out, func(v ecs.Volume) bool { return v.Name == want.Name }) {
			continue
		}
		switch v, _ := m.app.Volume(mount.Volume); {
		case mount.Volume == "":
		case v.Existing():
			want.FileSystem, want.AccessPoint, want.Path = engine.Lit(v.FileSystem), engine.Lit(v.AccessPoint), v.Path
		case v.OnBucket():
			want.FileSystem, want.AccessPoint = m.env.files.of(v).node.ARN(), m.points[v.Name].ARN()
		default:
			want.FileSystem, want.AccessPoint = m.env.files.of(v).node.ID(), m.points[v.Name].ID()
		}
		out = append(out, want)
	}
	return out
}

// volumeName is the name of a volume in a task definition: ECS allows letters, digits,
// hyphens and underscores. No volume's own name begins with an underscore.
func volumeName(m app.Mount) string {
	if m.Volume != "" {
		return strings.ReplaceAll(m.Volume, ".", "-")
	}
	at := m.Path
	if m.Disk != "" {
		at = "-" + m.Disk
	}
	return "_disk" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, at)
}

// containerMounts are the mounts of a workload's container.
func containerMounts(w app.Workload) []ecs.Mount {
	var out []ecs.Mount
	for _, m := range w.Mounts {
		out = append(out, ecs.Mount{Volume: volumeName(m), Path: m.Path, ReadOnly: m.ReadOnly})
	}
	return out
}

// containerTmpfs are the folders in memory of a workload's container.
func containerTmpfs(w app.Workload) []ecs.Tmpfs {
	var out []ecs.Tmpfs
	for _, t := range w.Tmpfs {
		out = append(out, ecs.Tmpfs{Path: t.Path, SizeMiB: t.SizeMiB, Options: t.Options})
	}
	return out
}

// statements let a workload's role mount its volumes, each by its access point, and
// write to those that are not read-only. They allow root access to volumes that
// belong to root.
func (m mounts) statements(w app.Workload) []iam.Statement {
	var out []iam.Statement
	for _, v := range m.app.Volumes {
		mounted, writes := false, false
		for _, mount := range w.AllMounts() {
			mounted = mounted || mount.Volume == v.Name
			writes = writes || mount.Volume == v.Name && !mount.ReadOnly
		}
		if !mounted {
			continue
		}
		if v.OnS3() {
			for _, s := range m.bucketStatements(v, writes) {
				if !slices.ContainsFunc(out, func(have iam.Statement) bool { return reflect.DeepEqual(have, s) }) {
					out = append(out, s) // two volumes on one bucket
				}
			}
			continue
		}
		s := iam.Statement{Actions: clientActions("elasticfilesystem", v, writes)}
		const byPoint = "elasticfilesystem:AccessPointArn"
		switch {
		case !v.Existing():
			s.Resources = []engine.Ref{m.env.files.of(v).node.ARN()}
			s.Equals = map[string]engine.Ref{byPoint: m.points[v.Name].ARN()}
		case v.AccessPoint != "":
			s.Equals = map[string]engine.Ref{byPoint: engine.Lit(m.arn("elasticfilesystem", "access-point/"+v.AccessPoint))}
			fallthrough
		default:
			s.Resources = []engine.Ref{engine.Lit(m.arn("elasticfilesystem", "file-system/"+v.FileSystem))}
		}
		out = append(out, s)
	}
	return out
}

// clientActions are the actions that a role needs to mount a volume, with the
// service's prefix.
func clientActions(service string, v app.Volume, writes bool) []string {
	actions := []string{service + ":ClientMount"}
	if writes {
		actions = append(actions, service+":ClientWrite")
	}
	if v.Root {
		actions = append(actions, service+":ClientRootAccess")
	}
	return actions
}

// bucketStatements let a workload's role mount a volume on a bucket and read its
// objects, because the client in a task reads large files from the bucket directly.
// Like AWS's policy for that, they allow to list all keys of the bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-security-iam.html
func (m mounts) bucketStatements(v app.Volume, writes bool) []iam.Statement {
	s := iam.Statement{Actions: clientActions("s3files", v, writes)}
	const byPoint = "s3files:AccessPointArn"
	bucket, prefix := v.Bucket, v.Prefix
	switch {
	case v.OnBucket():
		s.Resources = []engine.Ref{m.env.files.of(v).node.ARN()}
		s.Equals = map[string]engine.Ref{byPoint: m.points[v.Name].ARN()}
	default:
		s.Resources = engine.Lits(v.FileSystem)
		if v.AccessPoint != "" {
			s.Equals = map[string]engine.Ref{byPoint: engine.Lit(v.AccessPoint)}
		}
		found := m.facts.Existing.FileSystems[v.FileSystem]
		bucket, prefix = found.Bucket, found.Prefix
	}
	if bucket == "" {
		return []iam.Statement{s}
	}
	out := []iam.Statement{
		s,
		{Actions: []string{"s3:GetObject", "s3:GetObjectVersion"}, Resources: engine.Lits(m.bucketARN(bucket) + "/" + prefix + "*")},
		{Actions: []string{"s3:ListBucket"}, Resources: engine.Lits(m.bucketARN(bucket))},
	}
	if key := m.facts.Existing.Buckets[bucket].Key; key != "" {
		out = append(out, iam.Statement{
			Actions: []string{"kms:Decrypt"}, Resources: engine.Lits(key),
			Equals: map[string]engine.Ref{"kms:ViaService": engine.Lit(m.s3Host())},
		})
	}
	return out
}

// mountsOwn says whether a workload mounts a volume on a file system of the
// environment.
func (s stack) mountsOwn(w app.Workload) bool {
	return slices.ContainsFunc(w.AllMounts(), func(m app.Mount) bool {
		v, ok := s.app.Volume(m.Volume)
		return ok && !v.Existing()
	})
}

// before makes a service or job wait until its volumes can be mounted in every zone
// in which its tasks may start.
func (m mounts) before(node *engine.Node, w app.Workload) {
	for _, mount := range w.AllMounts() {
		v, ok := m.app.Volume(mount.Volume)
		if !ok || v.Existing() {
			continue
		}
		for _, t := range m.env.files.of(v).targets {
			node.After(t, engine.Ready)
		}
		node.After(m.points[mount.Volume], engine.Ready)
	}
}
