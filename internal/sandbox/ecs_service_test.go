package sandbox

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestFirstDeployment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		s.ingress()
		v := s.web(s.definition("web", "nginx:1"))
		if *v.Status != "ACTIVE" || v.Deployments[0].RolloutState != types.DeploymentRolloutStateInProgress {
			t.Errorf("a new service is %+v", v)
		}
		took := s.until("web", completed)
		// The chain: the balancer, then two checks of five seconds.
		if want := BalancerActive.In(Typical) + 10*time.Second; took != want {
			t.Errorf("took %v, want %v", took, want)
		}
		v = s.describe("web")
		if v.RunningCount != 1 || v.PendingCount != 0 || len(v.Deployments) != 1 {
			t.Errorf("running %d, pending %d, %d deployments", v.RunningCount, v.PendingCount, len(v.Deployments))
		}
		if !strings.HasSuffix(*v.Events[0].Message, "has reached a steady state.") {
			t.Errorf("last event: %s", *v.Events[0].Message)
		}
		task := s.tasks("web", "")[0]
		if *task.LastStatus != "RUNNING" || aws.ToString(task.Containers[0].ImageDigest) != s.w.ImageDigest("nginx:1") ||
			*task.CapacityProviderName != "FARGATE" {
			t.Errorf("task %+v", task)
		}
		took = task.StartedAt.Sub(*task.CreatedAt)
		if want := Chain(Typical, TaskPlaced, TaskPulled); took != want {
			t.Errorf("RUNNING after %v, want %v", took, want)
		}
		health := ask(t, s.elb.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: &s.tg})
		if len(health.TargetHealthDescriptions) != 1 || health.TargetHealthDescriptions[0].TargetHealth.State != "healthy" {
			t.Errorf("targets %+v", health.TargetHealthDescriptions)
		}
	})
}

func TestWorkerTimes(t *testing.T) {
	t.Parallel()
	start := Chain(Typical, ServiceScheduler, TaskPlaced, TaskPulled)
	cases := map[string]struct {
		change []func(*types.ContainerDefinition)
		want   time.Duration
	}{
		"no check counts 40 s after RUNNING": {nil, start + 40*time.Second},
		// The container starts one second before RUNNING.
		"a check counts at its first success": {[]func(*types.ContainerDefinition){checked}, start + 4*time.Second},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStack(t, Options{})
				s.create(s.serviceInput("worker", s.definition("worker", "app:1", c.change...)))
				if took := s.until("worker", completed); took != c.want {
					t.Errorf("took %v, want %v", took, c.want)
				}
			})
		})
	}
}

func TestUpdateRollsAndDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		s.ingress()
		s.web(s.definition("web", "nginx:1"))
		s.until("web", completed)
		old := *s.tasks("web", "")[0].TaskArn
		next := s.definition("web", "nginx:2")
		out := ask(t, s.ecs.UpdateService, &ecs.UpdateServiceInput{
			Cluster: aws.String("shop"), Service: aws.String("web"), TaskDefinition: &next,
		})
		if len(out.Service.Deployments) != 2 || *out.Service.Deployments[0].TaskDefinition != next {
			t.Fatalf("deployments %+v", out.Service.Deployments)
		}
		took := s.until("web", completed)
		// Start, two checks, the old task's drain (5 s) and stop time-out (10 s).
		want := Chain(Typical, ServiceScheduler, TaskPlaced, TaskPulled) + 10*time.Second + 15*time.Second
		if took != want {
			t.Errorf("took %v, want %v", took, want)
		}
		tasks := s.tasks("web", "")
		if len(tasks) != 1 || *tasks[0].TaskArn == old {
			t.Errorf("tasks after the update: %d", len(tasks))
		}
		gone := s.tasks("web", types.DesiredStatusStopped)
		if len(gone) != 1 || gone[0].StopCode != types.TaskStopCodeServiceSchedulerInitiated ||
			!strings.HasPrefix(*gone[0].StoppedReason, "Scaling activity initiated by (deployment ecs-svc/") {
			t.Errorf("stopped %+v", gone)
		}
		// The same wish again changes nothing.
		out = ask(t, s.ecs.UpdateService, &ecs.UpdateServiceInput{
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
		s := newStack(t, Options{})
		good := s.definition("app", "app:1", checked)
		s.create(s.serviceInput("app", good))
		s.until("app", completed)
		keeps := *s.tasks("app", "")[0].TaskArn
		bad := s.definition("app", "sandbox/crash", checked)
		ask(t, s.ecs.UpdateService, &ecs.UpdateServiceInput{
			Cluster: aws.String("shop"), Service: aws.String("app"), TaskDefinition: &bad,
		})
		var reason string
		s.until("app", func(v types.Service) bool {
			for _, d := range v.Deployments {
				if d.RolloutState == types.DeploymentRolloutStateFailed {
					reason = *d.RolloutStateReason
				}
			}
			return completed(v)
		})
		v := s.describe("app")
		if *v.TaskDefinition != good || v.RunningCount != 1 {
			t.Errorf("after the rollback: %s, %d running", *v.TaskDefinition, v.RunningCount)
		}
		if tasks := s.tasks("app", ""); len(tasks) != 1 || *tasks[0].TaskArn != keeps {
			t.Errorf("the good task was restarted")
		}
		if reason != "" && reason != "ECS deployment circuit breaker: tasks failed to start." {
			t.Errorf("reason %q", reason)
		}
		failed := s.tasks("app", types.DesiredStatusStopped)
		if len(failed) != 3 {
			t.Fatalf("%d failed tasks, want the threshold, 3", len(failed))
		}
		if f := failed[0]; f.StopCode != types.TaskStopCodeEssentialContainerExited || *f.Containers[0].ExitCode != 1 ||
			*f.StoppedReason != "Essential container in task exited" {
			t.Errorf("failed task %+v", f)
		}
		list := ask(t, s.ecs.ListServiceDeployments, &ecs.ListServiceDeploymentsInput{Cluster: aws.String("shop"), Service: aws.String("app")})
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
		"unhealthy": {"sandbox/never-healthy", "Task failed container health checks", checked},
		"too slow":  {"sandbox/slow:45s", "Task failed container health checks", checked},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStack(t, Options{})
				var change []func(*types.ContainerDefinition)
				if c.change != nil {
					change = append(change, c.change)
				}
				s.create(s.serviceInput("app", s.definition("app", c.image, change...)))
				s.until("app", func(v types.Service) bool {
					return v.Deployments[0].RolloutState == types.DeploymentRolloutStateFailed
				})
				d := s.describe("app").Deployments[0]
				if *d.Status != "PRIMARY" || d.FailedTasks != 3 {
					t.Errorf("deployment %+v", d)
				}
				stoppedTasks := s.tasks("app", types.DesiredStatusStopped)
				if len(stoppedTasks) == 0 || !strings.HasPrefix(*stoppedTasks[0].StoppedReason, c.want) {
					t.Errorf("stopped: %+v", stoppedTasks)
				}
				time.Sleep(time.Hour)
				if n := len(s.tasks("app", "")); n != 0 {
					t.Errorf("%d tasks were started after the breaker", n)
				}
			})
		})
	}
}

func TestDeletedServiceDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		s.ingress()
		def := s.definition("web", "nginx:1")
		s.web(def)
		s.until("web", completed)
		_, err := s.ecs.DeleteService(t.Context(), &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("web")})
		wantCode(t, err, "InvalidParameterException")
		ask(t, s.ecs.DeleteService, &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("web"), Force: aws.Bool(true)})
		list := ask(t, s.ecs.ListServices, &ecs.ListServicesInput{Cluster: aws.String("shop")})
		if len(list.ServiceArns) != 0 {
			t.Errorf("a draining service is listed: %v", list.ServiceArns)
		}
		_, err = s.ecs.CreateService(t.Context(), s.serviceInput("web", def))
		wantCode(t, err, "InvalidParameterException")
		if err == nil || !strings.Contains(err.Error(), "still Draining") {
			t.Errorf("create while draining: %v", err)
		}
		_, err = s.ecs.DeleteCluster(t.Context(), &ecs.DeleteClusterInput{Cluster: aws.String("shop")})
		wantCode(t, err, "ClusterContainsTasksException")
		took := s.until("web", func(v types.Service) bool { return *v.Status == "INACTIVE" })
		if want := Chain(Typical, ServiceScheduler) + 15*time.Second; took != want {
			t.Errorf("took %v, want %v", took, want)
		}
		ask(t, s.ecs.DeleteCluster, &ecs.DeleteClusterInput{Cluster: aws.String("shop")})
	})
}

func TestServicesRepairThemselves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		s.create(s.serviceInput("app", s.definition("app", "app:1", checked)))
		s.until("app", completed)
		killed := s.w.StopRandomTask()
		if killed == "" {
			t.Fatal("no task was stopped")
		}
		s.until("app", func(v types.Service) bool { return v.RunningCount == 1 })
		if now := *s.tasks("app", "")[0].TaskArn; now == killed {
			t.Error("the killed task still runs")
		}
		if v := s.describe("app"); !completed(v) {
			t.Errorf("the deployment is %s", v.Deployments[0].RolloutState)
		}
	})
}

func TestBaseThenSpot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		in := s.serviceInput("app", s.definition("app", "app:1", checked))
		in.DesiredCount = aws.Int32(3)
		s.create(in)
		s.until("app", completed)
		have := map[string]int{}
		zones := map[string]int{}
		for _, task := range s.tasks("app", "") {
			have[*task.CapacityProviderName]++
			zones[*task.AvailabilityZone]++
		}
		if have["FARGATE"] != 1 || have["FARGATE_SPOT"] != 2 || len(zones) != 2 {
			t.Errorf("providers %v, zones %v", have, zones)
		}
	})
}
