package compute

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// shownTask returns a task as describe calls show it.
func (p *tasks) shownTask(t *task, tags bool) types.Task {
	out := types.Task{
		TaskArn: aws.String(t.ARN), ClusterArn: aws.String(t.Cluster), TaskDefinitionArn: aws.String(t.Definition),
		Group: aws.String(t.Group), StartedBy: world.Optional(t.StartedBy), DesiredStatus: aws.String(t.Desired), LastStatus: aws.String(t.Last),
		LaunchType: t.LaunchType, CapacityProviderName: world.Optional(t.Provider), PlatformVersion: world.Optional(t.Platform), ContainerInstanceArn: p.s.machineOf(t),
		PlatformFamily: aws.String("Linux"), Cpu: aws.String(t.CPU), Memory: aws.String(t.Memory),
		AvailabilityZone: aws.String(p.needs.Network.Zone(t.Subnet)), CreatedAt: shownTime(t.Created), PullStartedAt: shownTime(t.PullStart),
		PullStoppedAt: shownTime(t.PullStop), StartedAt: shownTime(t.Started), StoppingAt: shownTime(t.Stopping),
		ExecutionStoppedAt: shownTime(t.ExecEnd), StoppedAt: shownTime(t.Stopped), StopCode: t.StopCode,
		StoppedReason: world.Optional(t.Reason), HealthStatus: p.s.taskHealth(t), Overrides: t.Override, Version: t.Version, EnableExecuteCommand: t.ExecuteOn,
	}
	if t.Last != provisioning {
		out.Connectivity, out.ConnectivityAt = types.ConnectivityConnected, aws.Time(t.Created.Add(p.account.Takes(world.TaskPlaced)))
	}
	if tags {
		out.Tags = slices.Clone(t.Tags)
	}
	out.Attachments = []types.Attachment{p.attachment(t)}
	for _, c := range t.Containers {
		shown := types.Container{
			ContainerArn: aws.String(p.account.ARN("ecs", "container/"+world.LastPart(t.Cluster)+"/"+t.ID+"/"+c.Name)),
			TaskArn:      aws.String(t.ARN), Name: aws.String(c.Name), Image: aws.String(c.Image), LastStatus: aws.String(c.Last),
			ExitCode: c.Exit, Reason: world.Optional(c.Reason), HealthStatus: c.Health, Cpu: aws.String("0"),
			NetworkInterfaces: []types.NetworkInterface{{AttachmentId: out.Attachments[0].Id, PrivateIpv4Address: world.Optional(t.IP)}},
		}
		if !t.PullStop.IsZero() {
			shown.ImageDigest, shown.RuntimeId = aws.String(c.Digest), aws.String(c.RuntimeID)
		}
		if status := p.s.agentOf(t, c, p.account.Now()); status != "" {
			shown.ManagedAgents = []types.ManagedAgent{{Name: agentName, LastStatus: aws.String(status), LastStartedAt: shownTime(c.Began)}}
		}
		out.Containers = append(out.Containers, shown)
	}
	return out
}

// changed tells the event bus of a task's new state.
func (p *Fargate) changed(at time.Time, t *task) {
	p.needs.Bus.TaskChanged(at, (&tasks{account: p.account, s: p.s, needs: p.needs}).shownTask(t, false))
}

// attachment returns the task's network interface as describe calls show it.
func (p *tasks) attachment(t *task) types.Attachment {
	out := types.Attachment{Id: aws.String(t.ENI + "-attachment"), Type: aws.String("ElasticNetworkInterface"), Status: aws.String("ATTACHED")}
	switch t.Last {
	case provisioning:
		out.Status = aws.String("PRECREATED")
	case stopped:
		out.Status = aws.String("DELETED")
	}
	for _, pair := range [][2]string{
		{"subnetId", t.Subnet}, {"networkInterfaceId", t.ENI}, {"privateIPv4Address", t.IP},
	} {
		out.Details = append(out.Details, types.KeyValuePair{Name: aws.String(pair[0]), Value: aws.String(pair[1])})
	}
	return out
}

// taskHealth returns the combined health of all essential containers.
func (s *state) taskHealth(t *task) types.HealthStatus {
	health := types.HealthStatusHealthy
	for _, c := range t.Containers {
		switch {
		case !c.Essential || s.checkOf(t, c) == nil:
		case c.Health == types.HealthStatusUnhealthy:
			return types.HealthStatusUnhealthy
		case c.Health != types.HealthStatusHealthy:
			health = types.HealthStatusUnknown
		}
	}
	if !s.hasCheck(t) {
		return types.HealthStatusUnknown
	}
	return health
}
