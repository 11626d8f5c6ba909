package ecs

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/engine"
)

// full sets every field of a task definition.
func full() TaskDefinition {
	return TaskDefinition{
		Family: "web", CPU: 1024, Memory: 2048, Architecture: "ARM64", EphemeralGiB: 30,
		ExecutionRole: engine.Lit("arn:execution"), TaskRole: engine.Lit("arn:task"),
		Siblings: map[string]string{"BERTH_HOST_API": "api.shop-dev.internal"},
		Containers: []Container{{
			Name: "web", Image: engine.Lit("web:1"), Essential: true, Command: []string{"serve"}, EntryPoint: []string{"/bin/sh"},
			User: "1000", WorkingDir: "/srv", Environment: map[string]string{"B": "2", "A": "1"},
			Secrets:         map[string]string{"PW": "arn:aws:ssm:eu-central-1:1:parameter/pw"},
			SecretVersions:  engine.Lits("PW 3 of 2026-01-02T15:04:05Z", "/web/URL 2"),
			PullCredentials: "arn:aws:secretsmanager:eu-central-1:1:secret:registry",
			Ports: []PortMapping{
				{Name: "tcp-8080", Port: 8080, Protocol: "tcp", AppProtocol: "http"}, {Port: 53, Protocol: "udp"},
			},
			Health:   &HealthCheck{Command: []string{"CMD", "true"}, Interval: 5, Timeout: 4, StartPeriod: 10, Retries: 6},
			LogGroup: "/berth/shop", LogRegion: "eu-central-1", LogPrefix: "task", LogOptions: map[string]string{"mode": "blocking"},
			StopSeconds: 10, ReadOnly: true, Init: true, Ulimits: []Ulimit{{"nofile", 1024, 2048}, {"core", 0, 0}},
			DependsOn: []ContainerDependency{{"proxy", "HEALTHY"}}, SystemControls: map[string]string{"net.core.somaxconn": "1"},
			CapDrop: []string{"NET_RAW", "CHOWN"}, CapAdd: []string{"SYS_PTRACE"}, Tmpfs: []Tmpfs{{"/run", 64, []string{"nosuid", "nodev"}}, {"/cache", 8, nil}}, Labels: map[string]string{"team": "a"},
			Interactive: true, TTY: true, MemoryMiB: 1024,
			Hosts: map[string]engine.Ref{"BERTH_HOST_DB": engine.Lit("db.rds.amazonaws.com")},
		}, {
			Name: "proxy", Image: engine.Lit("proxy:1"), CPU: 64, MemoryMiB: 256, ReservedMiB: 128, StartSeconds: 60,
			Restart: &Restart{Ignored: []int{0, 3}, PeriodSeconds: 60},
		}, {Name: "agent", Image: engine.Lit("agent:1"), Restart: &Restart{}}},
	}
}

// TestRoundTrip: a registered task definition reads back as the desired one,
// with ECS's defaults filled in and with sets in another order.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	sole := TaskDefinition{
		Family: "one", CPU: 256, Memory: 512, Architecture: "X86_64",
		Containers: []Container{{Name: "one", Image: engine.Lit("one:1"), Essential: true, Ports: []PortMapping{{Port: 80}}, Health: &HealthCheck{Command: []string{"CMD", "true"}}}},
	}
	for name, want := range map[string]TaskDefinition{"full": full(), "sole container": sole, "nothing": {Architecture: "X86_64"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := asECS(taskDefinitionInput(want))
			got := engine.Shown(taskDefinitionShown(answer, want))
			if diff := cmp.Diff(engine.Shown(want), got); diff != "" {
				t.Errorf("-want +shown:\n%s", diff)
			}
			if len(answer.ContainerDefinitions) == 0 {
				return
			}
			answer.ContainerDefinitions[0].Image = aws.String("edited")
			if diff := cmp.Diff(engine.Shown(want), engine.Shown(taskDefinitionShown(answer, want))); diff == "" {
				t.Error("an edited image is not shown")
			}
		})
	}
}

// asECS is ECS's answer to a registration.
func asECS(in *ecs.RegisterTaskDefinitionInput) types.TaskDefinition {
	out := types.TaskDefinition{
		Family: in.Family, Cpu: in.Cpu, Memory: in.Memory, RuntimePlatform: in.RuntimePlatform,
		ExecutionRoleArn: in.ExecutionRoleArn, TaskRoleArn: in.TaskRoleArn, EphemeralStorage: in.EphemeralStorage,
	}
	for i := len(in.ContainerDefinitions) - 1; i >= 0; i-- {
		c := in.ContainerDefinitions[i]
		for p := range c.PortMappings {
			c.PortMappings[p].HostPort = c.PortMappings[p].ContainerPort
			if c.PortMappings[p].Protocol == "" {
				c.PortMappings[p].Protocol = types.TransportProtocolTcp
			}
		}
		if h := c.HealthCheck; h != nil && h.Interval == nil {
			h.Interval, h.Timeout, h.Retries = aws.Int32(30), aws.Int32(5), aws.Int32(3)
		}
		if c.LinuxParameters != nil {
			d := c.LinuxParameters.Capabilities.Drop
			d[0], d[1] = d[1], d[0]
		}
		if r := c.RestartPolicy; r != nil && r.RestartAttemptPeriod == nil {
			r.RestartAttemptPeriod = aws.Int32(300)
		}
		c.MountPoints, c.VolumesFrom = []types.MountPoint{}, []types.VolumeFrom{}
		out.ContainerDefinitions = append(out.ContainerDefinitions, c)
	}
	return out
}
