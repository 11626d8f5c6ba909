package deploy_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// TestEarlySuccess: a deployment that need not wait for the end of the old tasks is shorter by
// the time that they drain; they end nevertheless, and nothing differs afterwards.
func TestEarlySuccess(t *testing.T) {
	t.Parallel()
	file := func(version int, early bool) *app.App {
		return bed.App(t, fmt.Sprintf(`
name: shop
services:
  web:
    image: shop:%d
    ports: ["80:80"]
    x-berth: {drain_seconds: 90, update: {early_success: %t}}
`, version, early))
	}
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, file(1, false), deploy.Request{})
		took := func(a *app.App) time.Duration {
			began := time.Now()
			mustRun(t, b, a, deploy.Request{})
			return time.Since(began)
		}
		whole := took(file(2, false))
		early := took(file(3, true))
		if saved := whole - early; saved < 80*time.Second {
			t.Errorf("with early success the deployment took %v, without %v: %v less, want 90s", early, whole, saved)
		}
		unchanged(t, b, file(3, true))
		time.Sleep(3 * time.Minute)
		if got := running(t, b); !slices.Equal(got, []string{"shop:3"}) {
			t.Errorf("later these run: %v", got)
		}
		if again := took(file(4, false)); again < whole-10*time.Second {
			t.Errorf("without it again the deployment took %v, want %v", again, whole)
		}
		unchanged(t, b, file(4, false))
	})
}
