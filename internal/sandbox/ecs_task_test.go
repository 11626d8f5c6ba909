package sandbox

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
)

func TestJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
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
			task := s.run(s.definition("job", c.image))
			if task.StopCode != types.TaskStopCodeEssentialContainerExited || aws.ToInt32(task.Containers[0].ExitCode) != c.code {
				t.Errorf("%s: %s %v", c.image, task.StopCode, task.Containers[0].ExitCode)
			}
			id := lastPart(*task.TaskArn)
			events := ask(t, s.logs.GetLogEvents, &cloudwatchlogs.GetLogEventsInput{
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
		s := newStack(t, Options{})
		def := s.definition("job", "app")
		in := &ecs.RunTaskInput{
			Cluster: aws.String("shop"), TaskDefinition: &def, LaunchType: types.LaunchTypeFargate,
			NetworkConfiguration: s.vpcConfig(), ClientToken: aws.String("token"), StartedBy: aws.String("berth"),
		}
		first, second := ask(t, s.ecs.RunTask, in), ask(t, s.ecs.RunTask, in)
		if *first.Tasks[0].TaskArn != *second.Tasks[0].TaskArn {
			t.Error("the same token started two tasks")
		}
		in.StartedBy = aws.String("other")
		_, err := s.ecs.RunTask(t.Context(), in)
		wantCode(t, err, "ConflictException")
		list := ask(t, s.ecs.ListTasks, &ecs.ListTasksInput{Cluster: aws.String("shop"), StartedBy: aws.String("berth")})
		if len(list.TaskArns) != 1 {
			t.Errorf("tasks started by berth: %v", list.TaskArns)
		}
		time.Sleep(2 * time.Hour)
		old := ask(t, s.ecs.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: []string{*first.Tasks[0].TaskArn}})
		if len(old.Failures) != 1 || *old.Failures[0].Reason != "MISSING" {
			t.Errorf("a task of two hours ago: %+v", old)
		}
	})
}

func TestYoungRoles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		c := ecs.NewFromConfig(w.Config())
		_, err := c.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("x")})
		wantCode(t, err, "InvalidParameterException")
		if err == nil || !strings.Contains(err.Error(), "Unable to assume the service linked role") {
			t.Errorf("without the linked role: %v", err)
		}
		time.Sleep(LinkedRoleReady.In(Typical))
		_, err = c.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("x")})
		wantCode(t, err, "")

		s := newStack(t, Options{})
		_, err = s.ecs.RunTask(t.Context(), &ecs.RunTaskInput{
			Cluster: aws.String("shop"), LaunchType: types.LaunchTypeFargate, NetworkConfiguration: s.vpcConfig(),
			TaskDefinition: aws.String(s.definition("young", "app", func(*types.ContainerDefinition) { s.role += "x" })),
		})
		wantCode(t, err, "ClientException")
	})
}

func TestTasksNeedAWayToTheRegistry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		ask(t, s.ec2.DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: &s.table, DestinationCidrBlock: aws.String("0.0.0.0/0")})
		task := s.run(s.definition("job", "app"))
		if task.StopCode != types.TaskStopCodeTaskFailedToStart || !strings.Contains(*task.StoppedReason, "i/o timeout") {
			t.Errorf("task %s %v", task.StopCode, aws.ToString(task.StoppedReason))
		}
	})
}

func TestTaskInterfacesLinger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		s.run(s.definition("job", "app"))
		deleteGroup := func() error {
			_, err := s.ec2.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: &s.serviceGroup})
			return err
		}
		wantCode(t, deleteGroup(), "DependencyViolation")
		time.Sleep(TaskInterface.In(Typical))
		wantCode(t, deleteGroup(), "")
	})
}

func TestFargateQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{Quotas: map[string]int{"fargate vcpu": 1}})
		in := s.serviceInput("app", s.definition("app", "app:1", checked))
		in.LaunchType, in.DesiredCount = types.LaunchTypeFargate, aws.Int32(5)
		in.DeploymentConfiguration = nil
		s.create(in)
		time.Sleep(10 * time.Minute)
		v := s.describe("app")
		if v.RunningCount != 4 || !strings.Contains(*v.Events[0].Message, "limit on the number of vCPUs") {
			t.Errorf("%d running, %s", v.RunningCount, *v.Events[0].Message)
		}
	})
}

func TestFargateLaunchRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{Quotas: map[string]int{"fargate vcpu": 1000}})
		in := s.serviceInput("app", s.definition("app", "app:1", checked))
		in.LaunchType, in.DesiredCount = types.LaunchTypeFargate, aws.Int32(120)
		s.create(in)
		took := s.until("app", completed)
		want := Chain(Typical, ServiceScheduler, TaskPlaced, TaskPulled) + 5*time.Second
		if took != want {
			t.Errorf("took %v, want %v: 100 at once, 20 a second", took, want)
		}
	})
}

func TestTaskDefinitionLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		one, two := s.definition("app", "app:1"), s.definition("app", "app:2")
		if !strings.HasSuffix(one, "app:1") || !strings.HasSuffix(two, "app:2") {
			t.Errorf("revisions %s %s", one, two)
		}
		newest := ask(t, s.ecs.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("app")})
		if *newest.TaskDefinition.TaskDefinitionArn != two {
			t.Errorf("the family's newest is %s", *newest.TaskDefinition.TaskDefinitionArn)
		}
		kill := &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{one}}
		if out := ask(t, s.ecs.DeleteTaskDefinitions, kill); len(out.Failures) != 1 {
			t.Errorf("an active revision was deleted: %+v", out)
		}
		ask(t, s.ecs.DeregisterTaskDefinition, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &one})
		out := ask(t, s.ecs.DeleteTaskDefinitions, kill)
		if len(out.TaskDefinitions) != 1 || out.TaskDefinitions[0].Status != types.TaskDefinitionStatusDeleteInProgress {
			t.Errorf("delete: %+v", out)
		}
		list := ask(t, s.ecs.ListTaskDefinitions, &ecs.ListTaskDefinitionsInput{FamilyPrefix: aws.String("app")})
		if len(list.TaskDefinitionArns) != 1 || list.TaskDefinitionArns[0] != two {
			t.Errorf("active: %v", list.TaskDefinitionArns)
		}
		time.Sleep(TaskDefinitionDeleted.In(Typical))
		_, err := s.ecs.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: &one})
		wantCode(t, err, "ClientException")
		if three := s.definition("app", "app:3"); !strings.HasSuffix(three, "app:3") {
			t.Errorf("a revision number came back: %s", three)
		}
	})
}

func TestTaskDefinitionsAreChecked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
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
			if _, err := s.ecs.RegisterTaskDefinition(t.Context(), in); code(t, err) != "ClientException" {
				t.Errorf("%s: %v", name, err)
			}
		}
		ask(t, s.ecs.RegisterTaskDefinition, good())
	})
}

func awslogs() *types.LogConfiguration {
	return &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
		"awslogs-group": "g", "awslogs-region": "r", "awslogs-stream-prefix": "p",
	}}
}
