package compute_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
)

// TestAlarmStopsACanary: a version that answers some requests with errors loses its share
// when the alarm goes off. Only requests of that share fail.
func TestAlarmStopsACanary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		how := canary(20)
		s := newShop(t, "120", how)
		s.errors("shop-blue", s.Target)
		s.errors("shop-green", s.green)
		how.Alarms = &types.DeploymentAlarms{AlarmNames: []string{"shop-blue", "shop-green"}, Enable: true, Rollback: true}
		sandboxtest.Ask(t, s.ECS.UpdateService, &ecs.UpdateServiceInput{
			Cluster: aws.String("shop"), Service: aws.String("web"), DeploymentConfiguration: how,
		})
		stop := make(chan struct{})
		got := s.traffic(stop, 250*time.Millisecond, 20*time.Second)
		s.deploy("sandbox/fails:500")
		_, end := s.stages()
		before := s.count(got, 500)
		time.Sleep(3 * time.Minute)
		close(stop)
		time.Sleep(time.Minute)
		if end.Status != types.ServiceDeploymentStatusRollbackSuccessful || !slices.Equal(end.Alarms.TriggeredAlarmNames, []string{"shop-blue"}) {
			t.Errorf("ended as %s, alarms %v: %s", end.Status, end.Alarms.TriggeredAlarmNames, aws.ToString(end.StatusReason))
		}
		status, _ := got.answered()
		if len(status) != 2 || status[500] != before || before == 0 || before > 200 {
			t.Errorf("answers by status: %v, %d errors during the deployment", status, before)
		}
		for _, task := range s.Tasks("web", "") {
			if *task.Containers[0].Image != "shop:1" {
				t.Errorf("a task of %s runs", *task.Containers[0].Image)
			}
		}
	})
}

func (s shop) count(of *traffic, status int32) int {
	of.mu.Lock()
	defer of.mu.Unlock()
	return of.status[status]
}

// TestPauseEndsAfterADay: a deployment that nobody answers for goes back.
func TestPauseEndsAfterADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "10", canary(10))
		how := canary(10)
		how.LifecycleHooks = []types.DeploymentLifecycleHook{{
			TargetType: types.DeploymentLifecycleHookTargetTypePause, LifecycleStages: []types.DeploymentLifecycleHookStage{types.DeploymentLifecycleHookStagePostScaleUp},
		}}
		sandboxtest.Ask(t, s.ECS.UpdateService, &ecs.UpdateServiceInput{Cluster: aws.String("shop"), Service: aws.String("web"), DeploymentConfiguration: how})
		s.deploy("shop:2")
		time.Sleep(23 * time.Hour)
		r := s.record()
		if len(r.LifecycleHookDetails) != 1 || r.LifecycleHookDetails[0].Status != types.DeploymentLifecycleHookStatusAwaitingAction {
			t.Fatalf("after 23 hours: %+v", r.LifecycleHookDetails)
		}
		_, err := s.ECS.ContinueServiceDeployment(t.Context(), &ecs.ContinueServiceDeploymentInput{ServiceDeploymentArn: r.ServiceDeploymentArn, HookId: aws.String("none")})
		if err == nil {
			t.Error("an answer to a hook that does not wait is taken")
		}
		time.Sleep(2 * time.Hour)
		if r = s.record(); r.Status != types.ServiceDeploymentStatusRollbackSuccessful || r.LifecycleHookDetails[0].Status != types.DeploymentLifecycleHookStatusTimedOut {
			t.Errorf("after 25 hours: %s, %+v", r.Status, r.LifecycleHookDetails)
		}
	})
}
