package deploy_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/test/bed"
)

// answerAfter approves or rejects the service after a time, and checks what ps says before.
func answerAfter(t *testing.T, b *bed.Bed, p *bed.Process, after time.Duration, approve bool) {
	t.Helper()
	time.AfterFunc(after, func() {
		s, err := p.Status(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		i := slices.IndexFunc(s.Services, func(s status.Service) bool { return s.Name == "web" })
		if d := s.Services[i].Deployment; d == nil || !strings.Contains(d.Stage, "waits for `berth approve web`") {
			t.Errorf("ps says %+v", d)
		}
		if err := deploy.Answer(t.Context(), p.Project, "web", approve); err != nil {
			t.Error(err)
		}
	})
}

// TestAnswer: a deployment waits at its stage until it is approved, and goes back when it is
// rejected. Without one that waits, there is nothing to answer.
func TestAnswer(t *testing.T) {
	t.Parallel()
	const asks = "{strategy: canary, percent: 10, every: 5m, bake: 5m, approve: steps}"
	first, second := canaryApp(t, "shop:1", twoSteps), canaryApp(t, "shop:2", asks)
	third := canaryApp(t, "shop:3", asks)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, first, deploy.Request{})
		p, err := b.Start(t.Context(), second)
		if err != nil {
			t.Fatal(err)
		}
		var none *deploy.NothingToAnswerError
		if err := deploy.Answer(t.Context(), p.Project, "web", true); !errors.As(err, &none) || none.UnderWay {
			t.Errorf("nothing is under way: %v", err)
		}
		var unknown *deploy.UnknownServiceError
		if err := deploy.Answer(t.Context(), p.Project, "wib", true); !errors.As(err, &unknown) {
			t.Errorf("another name: %v", err)
		}
		answerAfter(t, b, p, 20*time.Minute, true)
		answerAfter(t, b, p, 3*time.Hour, true)
		began := time.Now()
		mustRun(t, b, second, deploy.Request{})
		if took := time.Since(began); took < 3*time.Hour {
			t.Errorf("the rollout took %v and did not wait for the second approval", took)
		}
		unchanged(t, b, second)

		answerAfter(t, b, p, 20*time.Minute, false)
		if _, err := b.Run(t.Context(), third, deploy.Request{}); err == nil || !strings.Contains(err.Error(), "rolled back by request") {
			t.Errorf("the rejected version: %v", err)
		}
		time.Sleep(10 * time.Minute)
		if got := running(t, b); !slices.Equal(got, []string{"shop:2"}) {
			t.Errorf("these run: %v, want the old version", got)
		}
	})
}
