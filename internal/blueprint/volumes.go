package blueprint

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/nfs"
	"github.com/berthdev/berth/internal/engine"
)

// files are the environment's file systems as the stack sees them.
type files struct {
	// system is the one on EFS; nil without a volume on it.
	system *engine.Node
	// clients is the security group of tasks that mount it.
	clients *engine.Node
	// targets are its mount targets, one for each zone.
	targets []*engine.Node
	// buckets are the file systems on buckets by bucketAddress.
	buckets map[string]*bucketFiles
	// points are the access points by volume.
	points map[string]*engine.Node
}

// addVolumes adds the environment's file systems: one on EFS and one for each
// bucket, as far as volumes need them. Without a volume of berth's own there is
// none.
func (b *builder) addVolumes() {
	if !b.app.HasOwnVolumes() {
		return
	}
	// A group of the environment's, which the tasks of every stack in it join,
	// so that no stack's groups are named in the environment's.
	clients := b.graph.Add(b.env, "files", ec2.SecurityGroup{
		VPC: b.net.vpc, Name: engine.Name(b.env, b.facts.Region, "berth-files", maxName),
		Description: "berth: tasks that mount volumes",
	})
	b.files = &files{clients: clients, buckets: map[string]*bucketFiles{}, points: map[string]*engine.Node{}}
	if volumes := b.app.OnEFS(); len(volumes) > 0 {
		b.addEFS(volumes)
	}
	b.addBuckets()
}

// maxMaker is what a creation token of 64 characters leaves beside the engine's.
const maxMaker = 31

// addEFS adds the environment's one file system on EFS with a mount target in
// each zone's private subnet, and an access point for each volume.
func (b *builder) addEFS(volumes []app.Volume) {
	group := b.graph.Add(b.env, "file-system", ec2.SecurityGroup{
		VPC: b.net.vpc, Name: engine.Name(b.env, b.facts.Region, "berth-file-system", maxName),
		Description: "berth: the file system of the volumes",
		Ingress:     []ec2.Rule{{Protocol: app.AppTCP, From: nfs.Port, To: nfs.Port, Source: b.files.clients.ID()}},
	})
	b.files.system = b.graph.Add(b.env, "main", efs.FileSystem{
		Maker: engine.Name(b.env, b.facts.Region, "main", maxMaker), Backup: b.app.Backup, Guarded: true,
	})
	id := b.files.system.ID().WhenReady()
	for i, subnet := range b.net.private {
		b.files.targets = append(b.files.targets, b.graph.Add(b.env, zoneName(i), efs.MountTarget{
			FileSystem: id, Subnet: subnet, Groups: []engine.Ref{group.ID()},
		}))
	}
	for _, v := range volumes {
		b.files.points[v.Name] = b.graph.Add(b.stack, v.Name, efs.AccessPoint{
			FileSystem: id, Path: v.Path, UID: v.UID, GID: v.GID,
		}).Label(v.Labels)
	}
}

// zoneName is what the i-th zone is called. A given VPC may have more subnets
// than berth ever makes.
func zoneName(i int) string {
	if names := zoneNames(); i < len(names) {
		return names[i]
	}
	return strconv.Itoa(i + 1)
}

// volumes are the volumes of a workload's task, in the order of their mounts.
func (b *builder) volumes(w app.Workload) []ecs.Volume {
	var out []ecs.Volume
	for _, m := range w.Mounts {
		want := ecs.Volume{Name: volumeName(m)}
		if slices.ContainsFunc(out, func(v ecs.Volume) bool { return v.Name == want.Name }) {
			continue
		}
		switch v, _ := b.app.Volume(m.Volume); {
		case m.Volume == "":
		case v.Existing():
			want.FileSystem, want.AccessPoint, want.Path = engine.Lit(v.FileSystem), engine.Lit(v.AccessPoint), v.Path
		case v.OnBucket():
			want.FileSystem, want.AccessPoint = b.files.buckets[bucketAddress(v)].system.ARN(), b.files.points[v.Name].ARN()
		default:
			want.FileSystem, want.AccessPoint = b.files.system.ID(), b.files.points[v.Name].ID()
		}
		out = append(out, want)
	}
	return out
}

// volumeName is what a task definition calls a volume: ECS takes letters,
// digits, hyphens and underscores. No volume's name begins with an underscore.
func volumeName(m app.Mount) string {
	if m.Volume != "" {
		return strings.ReplaceAll(m.Volume, ".", "-")
	}
	return "_disk" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, m.Path)
}

func mounts(w app.Workload) []ecs.Mount {
	var out []ecs.Mount
	for _, m := range w.Mounts {
		out = append(out, ecs.Mount{Volume: volumeName(m), Path: m.Path, ReadOnly: m.ReadOnly})
	}
	return out
}

// mountStatements let a workload's role mount its volumes, each by its own
// access point, and write to those that are not read-only. Root's rights are
// for volumes that belong to root.
func (b *builder) mountStatements(w app.Workload) []iam.Statement {
	var out []iam.Statement
	for _, v := range b.app.Volumes {
		mounted, writes := false, false
		for _, m := range w.Mounts {
			mounted = mounted || m.Volume == v.Name
			writes = writes || m.Volume == v.Name && !m.ReadOnly
		}
		if !mounted {
			continue
		}
		if v.OnS3() {
			for _, s := range b.bucketStatements(v, writes) {
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
			s.Resources = []engine.Ref{b.files.system.ARN()}
			s.Equals = map[string]engine.Ref{byPoint: b.files.points[v.Name].ARN()}
		case v.AccessPoint != "":
			s.Equals = map[string]engine.Ref{byPoint: engine.Lit(b.arn("elasticfilesystem", "access-point/"+v.AccessPoint))}
			fallthrough
		default:
			s.Resources = []engine.Ref{engine.Lit(b.arn("elasticfilesystem", "file-system/"+v.FileSystem))}
		}
		out = append(out, s)
	}
	return out
}

// clientActions are what a role needs to mount a volume, by the service's
// prefix.
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

// mountsOwn says whether a workload mounts a volume on berth's file systems.
func (b *builder) mountsOwn(w app.Workload) bool {
	return slices.ContainsFunc(w.Mounts, func(m app.Mount) bool {
		v, ok := b.app.Volume(m.Volume)
		return ok && !v.Existing()
	})
}

// afterMounts makes a service or job wait until every zone that its tasks may
// start in can mount.
func (b *builder) afterMounts(node *engine.Node, w app.Workload) {
	if !b.mountsOwn(w) {
		return
	}
	for _, m := range w.Mounts {
		v, ok := b.app.Volume(m.Volume)
		if !ok || v.Existing() {
			continue
		}
		targets := b.files.targets
		if v.OnBucket() {
			targets = b.files.buckets[bucketAddress(v)].targets
		}
		for _, t := range targets {
			node.After(t, engine.Ready)
		}
		node.After(b.files.points[m.Volume], engine.Ready)
	}
}

// volumeProblem says why the network cannot have the volumes; nil if it can.
func (b *builder) volumeProblem() error {
	if b.app.HasOwnVolumes() && len(b.net.private) == 0 {
		return fmt.Errorf("volumes need private subnets, and none are named for %s", b.net.identity)
	}
	return nil
}
