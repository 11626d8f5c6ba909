package compute_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// pair is a task definition of two containers: app, which waits for side.
func pair(s *sandboxtest.Stack, until types.ContainerCondition, image string, change func(app, side *types.ContainerDefinition)) *ecs.RegisterTaskDefinitionInput {
	container := func(name, image string) types.ContainerDefinition {
		return types.ContainerDefinition{
			Name: &name, Image: &image, StopTimeout: aws.Int32(10), Essential: aws.Bool(name == "app"),
			LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
				"awslogs-group": "/shop", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "task",
			}},
		}
	}
	app, side := container("app", "app"), container("side", image)
	if until != "" {
		app.DependsOn = []types.ContainerDependency{{ContainerName: aws.String("side"), Condition: until}}
	}
	if change != nil {
		change(&app, &side)
	}
	return &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("pair"), Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate}, ExecutionRoleArn: &s.Role,
		ContainerDefinitions: []types.ContainerDefinition{app, side},
	}
}

func registered(s *sandboxtest.Stack, in *ecs.RegisterTaskDefinitionInput) string {
	return *sandboxtest.Ask(s.T, s.ECS.RegisterTaskDefinition, in).TaskDefinition.TaskDefinitionArn
}

// TestContainersWaitForEachOther: a container starts once what it depends on has
// reached the condition, and never if that cannot.
func TestContainersWaitForEachOther(t *testing.T) {
	t.Parallel()
	checked := func(_, side *types.ContainerDefinition) { sandboxtest.Checked(side) }
	for name, c := range map[string]struct {
		until  types.ContainerCondition
		image  string
		change func(app, side *types.ContainerDefinition)
		app    int32
		reason string
		code   types.TaskStopCode
	}{
		"one that starts":       {types.ContainerConditionStart, "agent", nil, 0, "", types.TaskStopCodeEssentialContainerExited},
		"one that succeeds":     {types.ContainerConditionSuccess, "sandbox/exit:0", nil, 0, "", types.TaskStopCodeEssentialContainerExited},
		"one that ends at all":  {types.ContainerConditionComplete, "sandbox/exit:3", nil, 0, "", types.TaskStopCodeEssentialContainerExited},
		"one that gets healthy": {types.ContainerConditionHealthy, "sandbox/slow:12s", checked, 0, "", types.TaskStopCodeEssentialContainerExited},
		"one that fails": {
			types.ContainerConditionSuccess, "sandbox/exit:3", nil, 143, "did not exit successfully", types.TaskStopCodeTaskFailedToStart,
		},
		"one that never gets healthy": {types.ContainerConditionHealthy, "sandbox/never-healthy", func(app, side *types.ContainerDefinition) {
			checked(app, side)
			side.StartTimeout = aws.Int32(40)
		}, 143, "has timed out", types.TaskStopCodeTaskFailedToStart},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.NewStack(t, world.Options{})
				task := s.Run(registered(s, pair(s, c.until, c.image, c.change)))
				app := task.Containers[0]
				if task.StopCode != c.code || aws.ToInt32(app.ExitCode) != c.app || !strings.Contains(aws.ToString(app.Reason), c.reason) {
					t.Errorf("%s, app ended with %d: %q", task.StopCode, aws.ToInt32(app.ExitCode), aws.ToString(app.Reason))
				}
			})
		})
	}
}

// TestATaskWaitsForAHealthyContainer: the app's container starts with the first good
// check, not before; without a time-out ECS stops a task that waits in vain after
// hours.
func TestATaskWaitsForAHealthyContainer(t *testing.T) {
	t.Parallel()
	for image, vain := range map[string]bool{"sandbox/slow:42s": false, "sandbox/never-healthy": true} {
		t.Run(image, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.NewStack(t, world.Options{})
				def := registered(s, pair(s, types.ContainerConditionHealthy, image, func(_, side *types.ContainerDefinition) {
					sandboxtest.Checked(side)
					side.HealthCheck.StartPeriod = aws.Int32(60)
				}))
				s.Create(s.ServiceInput("web", def))
				s.Until("web", func(v types.Service) bool { return v.PendingCount == 1 })
				time.Sleep(time.Minute)
				task := s.Tasks("web", types.DesiredStatusRunning)[0]
				if *task.LastStatus != "PENDING" || *task.Containers[0].LastStatus != "PENDING" || *task.Containers[1].LastStatus != "RUNNING" {
					t.Errorf("after a minute the task is %s, app %s, side %s", *task.LastStatus, *task.Containers[0].LastStatus, *task.Containers[1].LastStatus)
				}
				time.Sleep(time.Minute)
				task = s.Tasks("web", types.DesiredStatusRunning)[0]
				if want := map[bool]string{true: "PENDING", false: "RUNNING"}[vain]; *task.LastStatus != want {
					t.Errorf("after two minutes the task is %s, want %s", *task.LastStatus, want)
				}
				if !vain {
					return
				}
				time.Sleep(3 * time.Hour)
				stopped := sandboxtest.Ask(t, s.ECS.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: []string{*task.TaskArn}}).Tasks
				if len(stopped) != 1 || stopped[0].StopCode != types.TaskStopCodeTaskFailedToStart {
					t.Errorf("after three hours: %+v", stopped)
				}
			})
		})
	}
}

// TestHowASidecarEnds: an essential one stops the task, another leaves it, and a
// restart policy starts it again within the task, without an event of the service.
func TestHowASidecarEnds(t *testing.T) {
	t.Parallel()
	policy := func(period int32, ignored ...int32) *types.ContainerRestartPolicy {
		return &types.ContainerRestartPolicy{Enabled: aws.Bool(true), RestartAttemptPeriod: &period, IgnoredExitCodes: ignored}
	}
	for name, c := range map[string]struct {
		image     string
		essential bool
		policy    *types.ContainerRestartPolicy
		same      bool
		side      string
	}{
		"an essential one":                   {"sandbox/crash:90s", true, nil, false, "RUNNING"},
		"one that is not essential":          {"sandbox/crash:90s", false, nil, true, "STOPPED"},
		"an essential one that is restarted": {"sandbox/crash:90s", true, policy(60), true, "RUNNING"},
		"one that is restarted":              {"sandbox/crash:90s", false, policy(60), true, "RUNNING"},
		"one that ends before its period":    {"sandbox/crash:90s", false, policy(120), true, "STOPPED"},
		"an ignored exit code":               {"sandbox/crash:90s", false, policy(60, 0, 1), true, "STOPPED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.NewStack(t, world.Options{})
				def := registered(s, pair(s, "", c.image, func(_, side *types.ContainerDefinition) {
					side.Essential, side.RestartPolicy = &c.essential, c.policy
				}))
				s.Create(s.ServiceInput("web", def))
				s.Until("web", func(v types.Service) bool { return v.RunningCount == 1 })
				first, events := s.Tasks("web", types.DesiredStatusRunning)[0], len(started(s))
				time.Sleep(2*time.Minute + 10*time.Second)
				task := s.Tasks("web", types.DesiredStatusRunning)[0]
				if same := *task.TaskArn == *first.TaskArn; same != c.same {
					t.Errorf("the task is the same one: %t, want %t", same, c.same)
				}
				if more := len(started(s)) > events; more == c.same {
					t.Errorf("the service started another task: %t", more)
				}
				if got := *task.Containers[1].LastStatus; c.same && got != c.side {
					t.Errorf("the sidecar is %s, want %s", got, c.side)
				}
				if c.same && c.side == "RUNNING" {
					lines := sandboxtest.Ask(t, s.Logs.GetLogEvents, &cloudwatchlogs.GetLogEventsInput{
						LogGroupName: aws.String("/shop"), LogStreamName: aws.String("task/side/" + world.LastPart(*task.TaskArn)),
					}).Events
					if n := count(lines, "crash: starting"); n != 2 {
						t.Errorf("its log has %d starts, want 2", n)
					}
				}
			})
		})
	}
}

// started are the service's messages of tasks that it has started.
func started(s *sandboxtest.Stack) (out []string) {
	for _, e := range s.Describe("web").Events {
		if strings.Contains(*e.Message, "has started") {
			out = append(out, *e.Message)
		}
	}
	return out
}

func count(lines []logtypes.OutputLogEvent, text string) (n int) {
	for _, l := range lines {
		if *l.Message == text {
			n++
		}
	}
	return n
}

// TestContainersThatDoNotFit: what ECS refuses of containers that are in one task.
func TestContainersThatDoNotFit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		for name, c := range map[string]struct {
			until  types.ContainerCondition
			change func(app, side *types.ContainerDefinition)
			want   string
		}{
			"an essential one that is to end": {types.ContainerConditionComplete, func(_, side *types.ContainerDefinition) { side.Essential = aws.Bool(true) }, "cannot be an essential container"},
			"health without a check":          {types.ContainerConditionHealthy, nil, "no health check"},
			"another condition":               {"READY", nil, "condition 'READY'"},
			"a cycle": {types.ContainerConditionStart, func(_, side *types.ContainerDefinition) {
				side.DependsOn = []types.ContainerDependency{{ContainerName: aws.String("app"), Condition: types.ContainerConditionStart}}
			}, "cycle"},
			"a short period": {"", func(_, side *types.ContainerDefinition) {
				side.RestartPolicy = &types.ContainerRestartPolicy{Enabled: aws.Bool(true), RestartAttemptPeriod: aws.Int32(59)}
			}, "between 60 and 1800"},
			"too many exit codes": {"", func(_, side *types.ContainerDefinition) {
				side.RestartPolicy = &types.ContainerRestartPolicy{Enabled: aws.Bool(true), IgnoredExitCodes: make([]int32, 51)}
			}, "50"},
			"a long start": {"", func(_, side *types.ContainerDefinition) { side.StartTimeout = aws.Int32(121) }, "startTimeout"},
			"too much cpu": {"", func(app, side *types.ContainerDefinition) { app.Cpu, side.Cpu = 256, 1 }, "257 CPU units"},
			"too much memory": {"", func(app, side *types.ContainerDefinition) {
				app.Memory, side.MemoryReservation = aws.Int32(500), aws.Int32(13)
			}, "513 MiB"},
			"a reservation above the limit": {"", func(app, _ *types.ContainerDefinition) {
				app.Memory, app.MemoryReservation = aws.Int32(100), aws.Int32(100)
			}, "greater than"},
			"hardly any memory": {"", func(app, _ *types.ContainerDefinition) { app.Memory = aws.Int32(5) }, "6 MiB"},
		} {
			_, err := s.ECS.RegisterTaskDefinition(t.Context(), pair(s, c.until, "side", c.change))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
