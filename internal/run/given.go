package run

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/given"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// gatherGiven reads and checks what the file names by id. What cannot be used
// is one error with every place in the file.
func (s *Session) gatherGiven(ctx context.Context, p *Prepared) error {
	names := s.givenNames(p.World)
	if names.Empty() {
		return nil
	}
	c := s.Clients
	found, err := given.Read(ctx, given.Clients{
		EC2: c.EC2, ECS: c.ECS, ELB: c.ELB, IAM: c.IAM, S3: c.S3, S3Files: c.S3Files,
	}, names)
	if err != nil {
		return err
	}
	problems := &app.Problems{}
	for _, r := range found.Problems {
		problems.Add(app.Problem{At: s.givenAt(r), What: r.ID + ": " + r.What, Remedy: r.Remedy})
	}
	for _, r := range found.Notices {
		p.Notices = append(p.Notices, app.Notice{At: s.givenAt(r), Text: r.ID + ": " + r.What})
	}
	p.Notices = append(p.Notices, s.clusterNotices(found.Cluster)...)
	p.Facts.Given = found.Facts
	return problems.Err()
}

// givenNames are the ids in the file, and what berth does with them now.
func (s *Session) givenNames(w *engine.World) given.Names {
	k := s.App.Settings
	n := given.Names{
		VPC: k.VPC.Value, Public: k.PublicSubnets.Value, Private: k.PrivateSubnets.Value,
		PrivateTasks:   k.TaskSubnets.Value == app.SubnetsPrivate,
		SecurityGroups: k.SecurityGroups.Value,
		Cluster:        k.Cluster.Value, LoadBalancer: k.LoadBalancer.Value,
		ElasticIPs: k.ElasticIPs.Value, Owners: s.owners(), Region: s.Region, Account: s.Account, Partition: s.Partition,
	}
	if vpc, ok := s.vpc(w); ok {
		n.OwnVPC = vpc.ID
	}
	for _, v := range s.App.Volumes {
		switch {
		case v.OnBucket():
			n.Buckets = append(n.Buckets, v.Bucket)
		case v.OnS3():
			n.FileSystems = append(n.FileSystems, v.FileSystem)
		}
	}
	n.Buckets, n.FileSystems = distinct(n.Buckets), distinct(n.FileSystems)
	for _, work := range s.App.Workloads() {
		n.SecurityGroups = append(n.SecurityGroups, work.SecurityGroups...)
		for _, arn := range []string{work.ExecutionRole, work.TaskRole} {
			if arn != "" {
				n.Roles = append(n.Roles, arn)
			}
		}
	}
	for _, l := range blueprint.Listeners(s.App) {
		n.Ports = append(n.Ports, l.Port)
	}
	for _, gateway := range w.Lives("ec2.nat-gateway") {
		n.Held = append(n.Held, gateway.Attrs["allocation"])
	}
	n.SecurityGroups, n.Roles, n.Ports = distinct(n.SecurityGroups), distinct(n.Roles), distinct(n.Ports)
	return n
}

func distinct[T int | string](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// givenAt is where the file names the thing that a remark is about.
func (s *Session) givenAt(r given.Remark) app.Position {
	k := s.App.Settings
	origin := map[string]string{
		given.KeyVPC: k.VPC.Origin, given.KeyPublic: k.PublicSubnets.Origin, given.KeyPrivate: k.PrivateSubnets.Origin,
		given.KeySecurityGroups: k.SecurityGroups.Origin, given.KeyElasticIPs: k.ElasticIPs.Origin,
		given.KeyCluster: k.Cluster.Origin, given.KeyBalancer: k.LoadBalancer.Origin, given.KeyRoles: k.ExecutionRole.Origin,
	}[r.Key]
	if r.ID == k.TaskRole.Value {
		origin = k.TaskRole.Origin
	}
	for _, v := range s.App.Volumes {
		if r.Key == given.KeyBucket && v.Bucket == r.ID || r.Key == given.KeyFileSystem && v.FileSystem == r.ID {
			origin = v.Origin
		}
	}
	for _, w := range s.App.Workloads() {
		own := r.Key == given.KeyRoles && (w.ExecutionRole == r.ID && w.ExecutionRole != k.ExecutionRole.Value ||
			w.TaskRole == r.ID && w.TaskRole != k.TaskRole.Value)
		group := r.Key == given.KeySecurityGroups && slices.Contains(w.SecurityGroups, r.ID) && !slices.Contains(k.SecurityGroups.Value, r.ID)
		if own || group {
			origin = w.Origin
		}
	}
	return app.ParsePosition(origin)
}

// clusterNotices tell where a given cluster's capacity providers are others
// than the settings ask for.
func (s *Session) clusterNotices(c *given.Cluster) []app.Notice {
	if c == nil {
		return nil
	}
	wants := s.App.Settings.Spot.Value
	for _, svc := range s.App.Services {
		wants = wants || svc.Spot != nil && *svc.Spot
	}
	if !wants || slices.Contains(c.Providers, "FARGATE") && slices.Contains(c.Providers, "FARGATE_SPOT") {
		return nil
	}
	have := "none"
	if len(c.Providers) > 0 {
		have = strings.Join(c.Providers, ", ")
	}
	return []app.Notice{{At: app.ParsePosition(s.App.Settings.Cluster.Origin), Text: fmt.Sprintf(
		"%s: all tasks run on demand: Spot needs the capacity providers FARGATE and FARGATE_SPOT in it (it has: %s)", c.Name, have)}}
}
