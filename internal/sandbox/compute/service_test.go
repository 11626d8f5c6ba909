package compute_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestFirstDeployment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		s.Ingress()
		v := s.Web(s.Definition("web", "nginx:1"))
		if *v.Status != "ACTIVE" || v.Deployments[0].RolloutState != types.DeploymentRolloutStateInProgress {
			t.Errorf("a new service is %+v", v)
		}
		took := s.Until("web", sandboxtest.Completed)
		// The chain: the balancer, then two checks of five seconds.
		if want := world.BalancerActive.In(world.Typical) + 10*time.Second; took != want {
			t.Errorf("took %v, want %v", took, want)
		}
		v = s.Describe("web")
		if v.RunningCount != 1 || v.PendingCount != 0 || len(v.Deployments) != 1 {
			t.Errorf("running %d, pending %d, %d deployments", v.RunningCount, v.PendingCount, len(v.Deployments))
		}
		if !strings.HasSuffix(*v.Events[0].Message, "has reached a steady state.") {
			t.Errorf("last event: %s", *v.Events[0].Message)
		}
		task := s.Tasks("web", "")[0]
		if *task.LastStatus != "RUNNING" || aws.ToString(task.Containers[0].ImageDigest) != s.W.ImageDigest("nginx:1") ||
			*task.CapacityProviderName != "FARGATE" {
			t.Errorf("task %+v", task)
		}
		took = task.StartedAt.Sub(*task.CreatedAt)
		if want := world.Chain(world.Typical, world.TaskPlaced, world.TaskPulled); took != want {
			t.Errorf("RUNNING after %v, want %v", took, want)
		}
		health := sandboxtest.Ask(t, s.ELB.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: &s.Target})
		if len(health.TargetHealthDescriptions) != 1 || health.TargetHealthDescriptions[0].TargetHealth.State != "healthy" {
			t.Errorf("targets %+v", health.TargetHealthDescriptions)
		}
	})
}

func TestWorkerTimes(t *testing.T) {
	t.Parallel()
	start := world.Chain(world.Typical, world.ServiceScheduler, world.TaskPlaced, world.TaskPulled)
	cases := map[string]struct {
		change []func(*types.ContainerDefinition)
		want   time.Duration
	}{
		"no check counts 40 s after RUNNING": {nil, start + 40*time.Second},
		// The container starts one second before RUNNING.
		"a check counts at its first success": {[]func(*types.ContainerDefinition){sandboxtest.Checked}, start + 4*time.Second},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.NewStack(t, world.Options{})
				s.Create(s.ServiceInput("worker", s.Definition("worker", "app:1", c.change...)))
				if took := s.Until("worker", sandboxtest.Completed); took != c.want {
					t.Errorf("took %v, want %v", took, c.want)
				}
			})
		})
	}
}

func TestUpdateRollsAndDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		s.Ingress()
		s.Web(s.Definition("web", "nginx:1"))
		s.Until("web", sandboxtest.Completed)
		old := *s.Tasks("web", "")[0].TaskArn
		next := s.Definition("web", "nginx:2")
		out := sandboxtest.Ask(t, s.ECS.UpdateService, &ecs.UpdateServiceInput{
			Cluster: aws.String("shop"), Service: aws.String("web"), TaskDefinition: &next,
		})
		if len(out.Service.Deployments) != 2 || *out.Service.Deployments[0].TaskDefinition != next {
			t.Fatalf("deployments %+v", out.Service.Deployments)
		}
		took := s.Until("web", sandboxtest.Completed)
		// Start, two checks, the old task's drain (5 s) and stop time-out (10 s).
		want := world.Chain(world.Typical, world.ServiceScheduler, world.TaskPlaced, world.TaskPulled) + 10*time.Second + 15*time.Second
		if took != want {
			t.Errorf("took %v, want %v", took, want)
		}
		tasks := s.Tasks("web", "")
		if len(tasks) != 1 || *tasks[0].TaskArn == old {
			t.Errorf("tasks after the update: %d", len(tasks))
		}
		gone := s.Tasks("web", types.DesiredStatusStopped)
		if len(gone) != 1 || gone[0].StopCode != types.TaskStopCodeServiceSchedulerInitiated ||
			!strings.HasPrefix(*gone[0].StoppedReason, "Scaling activity initiated by (deployment ecs-svc/") {
			t.Errorf("stopped %+v", gone)
		}
		// The same update again changes nothing.
		out = sandboxtest.Ask(t, s.ECS.UpdateService, &ecs.UpdateServiceInput{
			Cluster: aws.String("shop"), Service: aws.String("web"), TaskDefinition: &next,
		})
		if len(out.Service.Deployments) != 1 {
			t.Errorf("an equal update made a deployment: %+v", out.Service.Deployments)
		}
	})
}

func TestCrashTripsTheBreakerAndRollsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		good := s.Definition("app", "app:1", sandboxtest.Checked)
		s.Create(s.ServiceInput("app", good))
		s.Until("app", sandboxtest.Completed)
		keeps := *s.Tasks("app", "")[0].TaskArn
		bad := s.Definition("app", "sandbox/crash", sandboxtest.Checked)
		sandboxtest.Ask(t, s.ECS.UpdateService, &ecs.UpdateServiceInput{
			Cluster: aws.String("shop"), Service: aws.String("app"), TaskDefinition: &bad,
		})
		var reason string
		s.Until("app", func(v types.Service) bool {
			for _, d := range v.Deployments {
				if d.RolloutState == types.DeploymentRolloutStateFailed {
					reason = *d.RolloutStateReason
				}
			}
			return sandboxtest.Completed(v)
		})
		v := s.Describe("app")
		if *v.TaskDefinition != good || v.RunningCount != 1 {
			t.Errorf("after the rollback: %s, %d running", *v.TaskDefinition, v.RunningCount)
		}
		if tasks := s.Tasks("app", ""); len(tasks) != 1 || *tasks[0].TaskArn != keeps {
			t.Errorf("the good task was restarted")
		}
		if reason != "" && reason != "ECS deployment circuit breaker: tasks failed to start." {
			t.Errorf("reason %q", reason)
		}
		failed := s.Tasks("app", types.DesiredStatusStopped)
		if len(failed) != 3 {
			t.Fatalf("%d failed tasks, want the threshold, 3", len(failed))
		}
		if f := failed[0]; f.StopCode != types.TaskStopCodeEssentialContainerExited || *f.Containers[0].ExitCode != 1 ||
			*f.StoppedReason != "Essential container in task exited" {
			t.Errorf("failed task %+v", f)
		}
		list := sandboxtest.Ask(t, s.ECS.ListServiceDeployments, &ecs.ListServiceDeploymentsInput{Cluster: aws.String("shop"), Service: aws.String("app")})
		if len(list.ServiceDeployments) != 2 || list.ServiceDeployments[0].Status != types.ServiceDeploymentStatusRollbackSuccessful {
			t.Errorf("service deployments %+v", list.ServiceDeployments)
		}
	})
}

func TestFailingStarts(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		image, want string
		change      func(*types.ContainerDefinition)
	}{
		"pull":      {"sandbox/pull-error", "CannotPullContainerError: ", nil},
		"log group": {"app", "ResourceInitializationError: ", func(c *types.ContainerDefinition) { c.LogConfiguration.Options["awslogs-group"] = "/no" }},
		"unhealthy": {"sandbox/never-healthy", "Task failed container health checks", sandboxtest.Checked},
		"too slow":  {"sandbox/slow:45s", "Task failed container health checks", sandboxtest.Checked},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.NewStack(t, world.Options{})
				var change []func(*types.ContainerDefinition)
				if c.change != nil {
					change = append(change, c.change)
				}
				s.Create(s.ServiceInput("app", s.Definition("app", c.image, change...)))
				s.Until("app", func(v types.Service) bool {
					return v.Deployments[0].RolloutState == types.DeploymentRolloutStateFailed
				})
				d := s.Describe("app").Deployments[0]
				if *d.Status != "PRIMARY" || d.FailedTasks != 3 {
					t.Errorf("deployment %+v", d)
				}
				stoppedTasks := s.Tasks("app", types.DesiredStatusStopped)
				if len(stoppedTasks) == 0 || !strings.HasPrefix(*stoppedTasks[0].StoppedReason, c.want) {
					t.Errorf("stopped: %+v", stoppedTasks)
				}
				time.Sleep(time.Hour)
				if n := len(s.Tasks("app", "")); n != 0 {
					t.Errorf("%d tasks were started after the breaker", n)
				}
			})
		})
	}
}

func TestDeletedServiceDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		s.Ingress()
		def := s.Definition("web", "nginx:1")
		s.Web(def)
		s.Until("web", sandboxtest.Completed)
		_, err := s.ECS.DeleteService(t.Context(), &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("web")})
		sandboxtest.WantCode(t, err, "InvalidParameterException")
		sandboxtest.Ask(t, s.ECS.DeleteService, &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("web"), Force: aws.Bool(true)})
		list := sandboxtest.Ask(t, s.ECS.ListServices, &ecs.ListServicesInput{Cluster: aws.String("shop")})
		if len(list.ServiceArns) != 0 {
			t.Errorf("a draining service is listed: %v", list.ServiceArns)
		}
		_, err = s.ECS.CreateService(t.Context(), s.ServiceInput("web", def))
		sandboxtest.WantCode(t, err, "InvalidParameterException")
		if err == nil || !strings.Contains(err.Error(), "still Draining") {
			t.Errorf("create while draining: %v", err)
		}
		_, err = s.ECS.DeleteCluster(t.Context(), &ecs.DeleteClusterInput{Cluster: aws.String("shop")})
		sandboxtest.WantCode(t, err, "ClusterContainsTasksException")
		took := s.Until("web", func(v types.Service) bool { return *v.Status == "INACTIVE" })
		if want := world.Chain(world.Typical, world.ServiceScheduler) + 15*time.Second; took != want {
			t.Errorf("took %v, want %v", took, want)
		}
		sandboxtest.Ask(t, s.ECS.DeleteCluster, &ecs.DeleteClusterInput{Cluster: aws.String("shop")})
	})
}

func TestServicesRepairThemselves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		s.Create(s.ServiceInput("app", s.Definition("app", "app:1", sandboxtest.Checked)))
		s.Until("app", sandboxtest.Completed)
		killed := s.W.StopRandomTask()
		if killed == "" {
			t.Fatal("no task was stopped")
		}
		s.Until("app", func(v types.Service) bool { return v.RunningCount == 1 })
		if now := *s.Tasks("app", "")[0].TaskArn; now == killed {
			t.Error("the killed task still runs")
		}
		if v := s.Describe("app"); !sandboxtest.Completed(v) {
			t.Errorf("the deployment is %s", v.Deployments[0].RolloutState)
		}
	})
}

func TestBaseThenSpot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		in := s.ServiceInput("app", s.Definition("app", "app:1", sandboxtest.Checked))
		in.DesiredCount = aws.Int32(3)
		s.Create(in)
		s.Until("app", sandboxtest.Completed)
		have := map[string]int{}
		zones := map[string]int{}
		for _, task := range s.Tasks("app", "") {
			have[*task.CapacityProviderName]++
			zones[*task.AvailabilityZone]++
		}
		if have["FARGATE"] != 1 || have["FARGATE_SPOT"] != 2 || len(zones) != 2 {
			t.Errorf("providers %v, zones %v", have, zones)
		}
	})
}
