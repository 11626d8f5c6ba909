package compute_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// TestDeploymentGoesOnAfterLoad saves the world in the middle of a deployment.
func TestDeploymentGoesOnAfterLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "sandbox.json")
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		s.Ingress()
		s.Web(s.Definition("web", "nginx:1"))
		time.Sleep(time.Minute)
		if err := s.W.Save(file); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		w, err := sandbox.Load(file, world.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s.ECS = ecs.NewFromConfig(w.Config())
		took := s.Until("web", sandboxtest.Completed)
		if want := world.BalancerActive.In(world.Typical) + 10*time.Second - time.Minute; took != want {
			t.Errorf("took %v more, want %v", took, want)
		}
		if dump := w.Dump(); !strings.Contains(dump, "<ecs.service/web>") || strings.Contains(dump, "dump failed") {
			t.Errorf("dump:\n%s", dump)
		}
	})
}

// TestNothingIsLeft tears a stack down and looks for leftovers.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		before := s.W.Leftovers()
		def := s.Definition("app", "app:1", sandboxtest.Checked)
		s.Create(s.ServiceInput("app", def))
		s.Until("app", sandboxtest.Completed)
		if len(s.W.Leftovers()) <= len(before) {
			t.Error("a running service is no leftover")
		}
		sandboxtest.Ask(t, s.ECS.DeleteService, &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("app"), Force: aws.Bool(true)})
		s.Until("app", func(v types.Service) bool { return *v.Status == "INACTIVE" })
		sandboxtest.Ask(t, s.ECS.DeregisterTaskDefinition, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &def})
		sandboxtest.Ask(t, s.ECS.DeleteTaskDefinitions, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{def}})
		time.Sleep(world.TaskInterface.In(world.Typical))
		if after := s.W.Leftovers(); len(after) != len(before) {
			t.Errorf("left: %v, before: %v", after, before)
		}
	})
}

// TestOutcomeDoesNotDependOnWhoAsks runs the same deployment with and without a
// caller that polls.
func TestOutcomeDoesNotDependOnWhoAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var dumps []string
		for _, watched := range []bool{true, false} {
			s := sandboxtest.NewStack(t, world.Options{Profile: world.Slow})
			s.Ingress()
			s.Web(s.Definition("web", "nginx:1"))
			if watched {
				took := s.Until("web", sandboxtest.Completed)
				time.Sleep(time.Hour - took)
			} else {
				time.Sleep(time.Hour)
			}
			dumps = append(dumps, s.W.Dump())
		}
		if dumps[0] != dumps[1] {
			t.Errorf("watched:\n%s\nunwatched:\n%s", dumps[0], dumps[1])
		}
	})
}

func TestNewServicesAppearLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		late := 0
		for seed := range uint64(10) {
			s := sandboxtest.NewStack(t, world.Options{Seed: seed}).Loaded(world.Options{MaxLag: 14 * time.Second})
			in := s.ServiceInput("app", s.Definition("app", "app:1"))
			for {
				if _, err := s.ECS.CreateService(t.Context(), in); err == nil {
					break
				}
				// The new task definition is not visible everywhere yet.
				time.Sleep(time.Second)
			}
			if len(sandboxtest.Ask(t, s.ECS.ListServices, &ecs.ListServicesInput{Cluster: aws.String("shop")}).ServiceArns) == 0 {
				late++
			}
			time.Sleep(15 * time.Second)
			if len(sandboxtest.Ask(t, s.ECS.ListServices, &ecs.ListServicesInput{Cluster: aws.String("shop")}).ServiceArns) != 1 {
				t.Error("a service is still missing after the longest lag")
			}
		}
		if late == 0 {
			t.Error("lag was on and nothing was late")
		}
	})
}
