package events_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/events"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// shop is a project with a service and a job that runs every night; setting is a line of
// its x-berth.
func shop(t *testing.T, setting string) *app.App {
	t.Helper()
	return bed.App(t, `name: shop
x-berth: {`+setting+`}
services:
  web: {image: "nginx:1.29", expose: ["80"], deploy: {replicas: 2}}
  nightly: {image: "sandbox/exit:3", x-berth: {schedule: "0 3 * * *"}}
`)
}

// seen are the events that berth shows, from since on.
func seen(t *testing.T, b *bed.Bed, a *app.App, since time.Duration, names ...string) []events.Event {
	t.Helper()
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	var out []events.Event
	err = events.Show(t.Context(), p.Project, names, events.Options{Since: time.Now().Add(-since)}, func(e events.Event) error {
		out = append(out, e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const day = 24 * time.Hour

// TestKeptEvents: what ECS has forgotten is in the log group, and nothing comes twice.
func TestKeptEvents(t *testing.T) {
	t.Parallel()
	on, off := shop(t, "events: true"), shop(t, "spot: false")
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1})
		if _, err := b.Up(t.Context(), on); err != nil {
			t.Fatal(err)
		}
		b.World.StopRandomTask()
		time.Sleep(time.Minute)
		now := seen(t, b, on, day)
		inECS := len(now)
		twice(t, now)
		for range 12 {
			time.Sleep(day)
		}
		later := seen(t, b, on, 20*day)
		twice(t, later)
		if got := ends(later, "web"); got != 1 {
			t.Errorf("%d ends of tasks of web in 20 days, want the one that ran out of memory", got)
		}
		if got := ends(later, "nightly"); got < 12 {
			t.Errorf("%d runs of the job in 12 days", got)
		}
		if got := ends(seen(t, b, on, 5*day, "nightly"), "nightly"); got < 4 || got > 6 {
			t.Errorf("%d runs of the job in 5 days", got)
		}
		for _, e := range later {
			if e.Service == "nightly" && (e.ExitCode == nil || *e.ExitCode != 3 || !strings.Contains(e.Text, "exit code 3")) {
				t.Errorf("the end of a job: %+v", e)
			}
		}
		if len(later) < inECS {
			t.Errorf("%d events after 12 days, and %d at first", len(later), inECS)
		}

		// The group stays when the setting goes, and with it what happened before.
		if _, err := b.Up(t.Context(), off); err != nil {
			t.Fatal(err)
		}
		before := ends(seen(t, b, off, 29*day), "nightly")
		time.Sleep(3 * day)
		after := ends(seen(t, b, off, 29*day), "nightly")
		if before < 12 || after < before || after > before+1 {
			t.Errorf("%d runs known without the setting, and %d three days later", before, after)
		}
		time.Sleep(31 * day)
		if got := ends(seen(t, b, off, 90*day), "nightly"); got > 1 {
			t.Errorf("%d runs known after retention has ended", got)
		}
	})
}

// ends counts the ends of tasks.
func ends(list []events.Event, of string) int {
	n := 0
	for _, e := range list {
		if e.Kind == events.OfTask && e.Service == of {
			n++
		}
	}
	return n
}

// twice reports an end of a task, or a word, that is in a list twice.
func twice(t *testing.T, list []events.Event) {
	t.Helper()
	known := map[string]bool{}
	for i, e := range list {
		key := e.Service + e.Kind + e.Task + e.Text
		if e.Kind != events.OfTask {
			key += e.Time.Truncate(time.Second).String()
		}
		if known[key] {
			t.Errorf("twice: %+v", e)
		}
		known[key] = true
		if i > 0 && e.Time.Before(list[i-1].Time) {
			t.Errorf("%v comes after %v", e, list[i-1])
		}
	}
}

// TestEventsOfADeletedService: ECS says nothing of it any more, the log group does.
func TestEventsOfADeletedService(t *testing.T) {
	t.Parallel()
	on := shop(t, "events: true")
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 2})
		if _, err := b.Up(t.Context(), on); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Run(t.Context(), on, deploy.Request{Down: true}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * day)
		list := seen(t, b, on, 3*day, "web")
		var texts []string
		for _, e := range list {
			texts = append(texts, e.Kind+" "+e.Text)
		}
		text := strings.Join(texts, "\n")
		for _, want := range []string{"deployment began", "deployment successful", "service service steady state"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in:\n%s", want, text)
			}
		}
	})
}
