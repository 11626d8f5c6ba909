package compute_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		cases := []struct {
			image, line string
			code        int32
		}{
			{"sandbox/exit:3", "exiting with code 3", 3},
			{"sandbox/exit:0", "exiting with code 0", 0},
			{"registry.example/sandbox/exit:4@sha256:abc", "exiting with code 4", 4},
			{"migrate:1", "done", 0},
			{"sandbox/resolve:nobody", "could not resolve nobody: no such host", 1},
		}
		for _, c := range cases {
			task := s.Run(s.Definition("job", c.image))
			if task.StopCode != types.TaskStopCodeEssentialContainerExited || aws.ToInt32(task.Containers[0].ExitCode) != c.code {
				t.Errorf("%s: %s %v", c.image, task.StopCode, task.Containers[0].ExitCode)
			}
			id := world.LastPart(*task.TaskArn)
			events := sandboxtest.Ask(t, s.Logs.GetLogEvents, &cloudwatchlogs.GetLogEventsInput{
				LogGroupName: aws.String("/shop"), LogStreamName: aws.String("job/app/" + id),
			}).Events
			if len(events) == 0 || *events[len(events)-1].Message != c.line {
				t.Errorf("%s: last line %v, want %q", c.image, events, c.line)
			}
		}
	})
}

func TestRunTaskIsIdempotentByToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		def := s.Definition("job", "app")
		in := &ecs.RunTaskInput{
			Cluster: aws.String("shop"), TaskDefinition: &def, LaunchType: types.LaunchTypeFargate,
			NetworkConfiguration: s.Subnetting(), ClientToken: aws.String("token"), StartedBy: aws.String("berth"),
		}
		first, second := sandboxtest.Ask(t, s.ECS.RunTask, in), sandboxtest.Ask(t, s.ECS.RunTask, in)
		if *first.Tasks[0].TaskArn != *second.Tasks[0].TaskArn {
			t.Error("the same token started two tasks")
		}
		in.StartedBy = aws.String("other")
		_, err := s.ECS.RunTask(t.Context(), in)
		sandboxtest.WantCode(t, err, "ConflictException")
		list := sandboxtest.Ask(t, s.ECS.ListTasks, &ecs.ListTasksInput{Cluster: aws.String("shop"), StartedBy: aws.String("berth")})
		if len(list.TaskArns) != 1 {
			t.Errorf("tasks started by berth: %v", list.TaskArns)
		}
		time.Sleep(2 * time.Hour)
		old := sandboxtest.Ask(t, s.ECS.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: []string{*first.Tasks[0].TaskArn}})
		if len(old.Failures) != 1 || *old.Failures[0].Reason != "MISSING" {
			t.Errorf("a task of two hours ago: %+v", old)
		}
	})
}

func TestYoungRoles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := ecs.NewFromConfig(w.Config())
		_, err := c.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("x")})
		sandboxtest.WantCode(t, err, "InvalidParameterException")
		if err == nil || !strings.Contains(err.Error(), "Unable to assume the service linked role") {
			t.Errorf("without the linked role: %v", err)
		}
		time.Sleep(world.LinkedRoleReady.In(world.Typical))
		_, err = c.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("x")})
		sandboxtest.WantCode(t, err, "")

		s := sandboxtest.NewStack(t, world.Options{})
		_, err = s.ECS.RunTask(t.Context(), &ecs.RunTaskInput{
			Cluster: aws.String("shop"), LaunchType: types.LaunchTypeFargate, NetworkConfiguration: s.Subnetting(),
			TaskDefinition: aws.String(s.Definition("young", "app", func(*types.ContainerDefinition) { s.Role += "x" })),
		})
		sandboxtest.WantCode(t, err, "ClientException")
	})
}

func TestTasksNeedAWayToTheRegistry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		sandboxtest.Ask(t, s.EC2.DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: &s.Table, DestinationCidrBlock: aws.String("0.0.0.0/0")})
		task := s.Run(s.Definition("job", "app"))
		if task.StopCode != types.TaskStopCodeTaskFailedToStart || !strings.Contains(*task.StoppedReason, "i/o timeout") {
			t.Errorf("task %s %v", task.StopCode, aws.ToString(task.StoppedReason))
		}
	})
}

func TestTaskInterfacesLinger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		s.Run(s.Definition("job", "app"))
		deleteGroup := func() error {
			_, err := s.EC2.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: &s.ServiceGroup})
			return err
		}
		sandboxtest.WantCode(t, deleteGroup(), "DependencyViolation")
		time.Sleep(world.TaskInterface.In(world.Typical))
		sandboxtest.WantCode(t, deleteGroup(), "")
	})
}

func TestFargateQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{Quotas: map[string]int{"fargate vcpu": 1}})
		in := s.ServiceInput("app", s.Definition("app", "app:1", sandboxtest.Checked))
		in.LaunchType, in.DesiredCount = types.LaunchTypeFargate, aws.Int32(5)
		in.DeploymentConfiguration = nil
		s.Create(in)
		time.Sleep(10 * time.Minute)
		v := s.Describe("app")
		if v.RunningCount != 4 || !strings.Contains(*v.Events[0].Message, "limit on the number of vCPUs") {
			t.Errorf("%d running, %s", v.RunningCount, *v.Events[0].Message)
		}
	})
}

func TestFargateLaunchRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{Quotas: map[string]int{"fargate vcpu": 1000}})
		in := s.ServiceInput("app", s.Definition("app", "app:1", sandboxtest.Checked))
		in.LaunchType, in.DesiredCount = types.LaunchTypeFargate, aws.Int32(120)
		s.Create(in)
		took := s.Until("app", sandboxtest.Completed)
		want := world.Chain(world.Typical, world.ServiceScheduler, world.TaskPlaced, world.TaskPulled) + 5*time.Second
		if took != want {
			t.Errorf("took %v, want %v: 100 at once, 20 a second", took, want)
		}
	})
}

func TestTaskDefinitionLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		one, two := s.Definition("app", "app:1"), s.Definition("app", "app:2")
		if !strings.HasSuffix(one, "app:1") || !strings.HasSuffix(two, "app:2") {
			t.Errorf("revisions %s %s", one, two)
		}
		newest := sandboxtest.Ask(t, s.ECS.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("app")})
		if *newest.TaskDefinition.TaskDefinitionArn != two {
			t.Errorf("the family's newest is %s", *newest.TaskDefinition.TaskDefinitionArn)
		}
		kill := &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{one}}
		if out := sandboxtest.Ask(t, s.ECS.DeleteTaskDefinitions, kill); len(out.Failures) != 1 {
			t.Errorf("an active revision was deleted: %+v", out)
		}
		sandboxtest.Ask(t, s.ECS.DeregisterTaskDefinition, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &one})
		out := sandboxtest.Ask(t, s.ECS.DeleteTaskDefinitions, kill)
		if len(out.TaskDefinitions) != 1 || out.TaskDefinitions[0].Status != types.TaskDefinitionStatusDeleteInProgress {
			t.Errorf("delete: %+v", out)
		}
		list := sandboxtest.Ask(t, s.ECS.ListTaskDefinitions, &ecs.ListTaskDefinitionsInput{FamilyPrefix: aws.String("app")})
		if len(list.TaskDefinitionArns) != 1 || list.TaskDefinitionArns[0] != two {
			t.Errorf("active: %v", list.TaskDefinitionArns)
		}
		time.Sleep(world.TaskDefinitionDeleted.In(world.Typical))
		_, err := s.ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: &one})
		sandboxtest.WantCode(t, err, "ClientException")
		if three := s.Definition("app", "app:3"); !strings.HasSuffix(three, "app:3") {
			t.Errorf("a revision number came back: %s", three)
		}
	})
}

func TestTaskDefinitionsAreChecked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		good := func() *ecs.RegisterTaskDefinitionInput {
			return &ecs.RegisterTaskDefinitionInput{
				Family: aws.String("app"), Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: types.NetworkModeAwsvpc,
				RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate},
				ContainerDefinitions:    []types.ContainerDefinition{{Name: aws.String("app"), Image: aws.String("app")}},
			}
		}
		cases := map[string]func(*ecs.RegisterTaskDefinitionInput){
			"size":         func(in *ecs.RegisterTaskDefinitionInput) { in.Memory = aws.String("4096") },
			"network":      func(in *ecs.RegisterTaskDefinitionInput) { in.NetworkMode = types.NetworkModeBridge },
			"log role":     func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].LogConfiguration = awslogs() },
			"no container": func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions = []types.ContainerDefinition{} },
			"stop timeout": func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].StopTimeout = aws.Int32(121) },
			"interval": func(in *ecs.RegisterTaskDefinitionInput) {
				in.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"CMD", "x"}, Interval: aws.Int32(1)}
			},
		}
		for name, change := range cases {
			in := good()
			change(in)
			if _, err := s.ECS.RegisterTaskDefinition(t.Context(), in); sandboxtest.Code(t, err) != "ClientException" {
				t.Errorf("%s: %v", name, err)
			}
		}
		sandboxtest.Ask(t, s.ECS.RegisterTaskDefinition, good())
	})
}

func awslogs() *types.LogConfiguration {
	return &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
		"awslogs-group": "g", "awslogs-region": "r", "awslogs-stream-prefix": "p",
	}}
}
