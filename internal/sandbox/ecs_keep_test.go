package sandbox

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// TestDeploymentGoesOnAfterLoad saves the world in the middle of a deployment.
func TestDeploymentGoesOnAfterLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "sandbox.json")
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		s.ingress()
		s.web(s.definition("web", "nginx:1"))
		time.Sleep(time.Minute)
		if err := s.w.Save(file); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		w, err := Load(file, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s.ecs = ecs.NewFromConfig(w.Config())
		took := s.until("web", completed)
		if want := BalancerActive.In(Typical) + 10*time.Second - time.Minute; took != want {
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
		s := newStack(t, Options{})
		before := s.w.Leftovers()
		def := s.definition("app", "app:1", checked)
		s.create(s.serviceInput("app", def))
		s.until("app", completed)
		if len(s.w.Leftovers()) <= len(before) {
			t.Error("a running service is no leftover")
		}
		ask(t, s.ecs.DeleteService, &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("app"), Force: aws.Bool(true)})
		s.until("app", func(v types.Service) bool { return *v.Status == "INACTIVE" })
		ask(t, s.ecs.DeregisterTaskDefinition, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &def})
		ask(t, s.ecs.DeleteTaskDefinitions, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{def}})
		time.Sleep(TaskInterface.In(Typical))
		if after := s.w.Leftovers(); len(after) != len(before) {
			t.Errorf("left: %v, before: %v", after, before)
		}
	})
}

// TestOutcomeDoesNotDependOnWhoAsks runs the same deployment with and without
// anybody looking.
func TestOutcomeDoesNotDependOnWhoAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var dumps []string
		for _, watched := range []bool{true, false} {
			s := newStack(t, Options{Profile: Slow})
			s.ingress()
			s.web(s.definition("web", "nginx:1"))
			if watched {
				took := s.until("web", completed)
				time.Sleep(time.Hour - took)
			} else {
				time.Sleep(time.Hour)
			}
			dumps = append(dumps, s.w.Dump())
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
			s := newStack(t, Options{Seed: seed}).loaded(Options{MaxLag: 14 * time.Second})
			in := s.serviceInput("app", s.definition("app", "app:1"))
			for {
				if _, err := s.ecs.CreateService(t.Context(), in); err == nil {
					break
				}
				// The new task definition is not known everywhere yet.
				time.Sleep(time.Second)
			}
			if len(ask(t, s.ecs.ListServices, &ecs.ListServicesInput{Cluster: aws.String("shop")}).ServiceArns) == 0 {
				late++
			}
			time.Sleep(15 * time.Second)
			if len(ask(t, s.ecs.ListServices, &ecs.ListServicesInput{Cluster: aws.String("shop")}).ServiceArns) != 1 {
				t.Error("a service is still missing after the longest lag")
			}
		}
		if late == 0 {
			t.Error("lag was on and nothing was late")
		}
	})
}
