package command

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/state"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	service := func(image, td string) state.ReleaseService {
		return state.ReleaseService{Image: image, TaskDefinition: td}
	}
	list := []state.Release{
		{ID: "c", Outcome: "unhealthy", Services: map[string]state.ReleaseService{"web": service("r/web:3", "web:3"), "new": service("r/new:1", "new:1")}},
		{ID: "b", Services: map[string]state.ReleaseService{"web": service("r/web:2", "web:2")}, Jobs: map[string]state.ReleaseJob{"job": {Image: "r/job:1", TaskDefinition: "job:2"}}},
		{ID: "a", Services: map[string]state.ReleaseService{"web": service("r/web:2", "web:1")}, Jobs: map[string]state.ReleaseJob{"job": {Image: "r/job:1", TaskDefinition: "job:2"}}},
	}
	running := map[string]string{"web": "web:2"}
	var got [][]string
	var runs []string
	for _, r := range historyOf(list, 5, running) {
		got = append(got, r.Changes)
		if r.Runs {
			runs = append(runs, r.ID)
		}
	}
	want := [][]string{
		{"- job", "+ new new:1", "~ web web:2 -> web:3"},
		{"~ web settings"},
		{"the first release"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b"}, runs); diff != "" {
		t.Errorf("runs now: %s", diff)
	}
	fell := service("r/web:3", "web:3")
	fell.Instead = &state.ReleaseRevision{Image: "r/web:2", TaskDefinition: "web:2"}
	none := service("r/new:1", "new:1")
	none.Instead = &state.ReleaseRevision{}
	behind := []state.Release{
		{ID: "c", Services: map[string]state.ReleaseService{"web": service("r/web:3", "web:3"), "new": service("r/new:1", "new:1")}},
		{ID: "b", Services: map[string]state.ReleaseService{"web": fell, "new": none}},
		{ID: "a", Services: map[string]state.ReleaseService{"web": service("r/web:2", "web:2")}},
	}
	got = nil
	for _, r := range historyOf(behind, 2, running) {
		got = append(got, r.Changes)
	}
	want = [][]string{
		{"+ new new:1", "~ web web:2 -> web:3"},
		{"+ new new:1 (not in effect)", "~ web web:2 -> web:3 (not in effect)"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what was not in effect: %s", diff)
	}
	if got := historyOf(list, 2, nil); len(got) != 2 || got[1].Runs || got[1].Changes[0] == "the first release" {
		t.Errorf("limited to two: %+v", got)
	}
}

func TestShortTexts(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{
		"nginx:1.29": "nginx:1.29", "ghcr.io/a/b/api:2": "api:2", "": "",
		"1.dkr.ecr.eu-central-1.amazonaws.com/shop/api@sha256:0123456789abcdef0123": "api@0123456",
		"a-name-that-is-very-long-indeed:v1.2.3":                                    "…ry-long-indeed:v1.2.3",
	} {
		if got := render.ShortImage(image); got != want {
			t.Errorf("render.ShortImage(%q) = %q, want %q", image, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 5 * time.Second: "5s", 90 * time.Second: "1m", 3 * time.Hour: "3h", 47 * time.Hour: "47h", 49 * time.Hour: "2d",
	} {
		if got := render.Age(d); got != want {
			t.Errorf("render.Age(%s) = %q, want %q", d, got, want)
		}
	}
	if got := shortWho("arn:aws:sts::123456789012:assumed-role/ci/run-7"); got != "assumed-role/ci/run-7" {
		t.Errorf("shortWho: %q", got)
	}
}

func TestTheLegendSpeaksOfAStarOnlyIfThereIsOne(t *testing.T) {
	t.Parallel()
	runs, not := releaseView{Runs: true}, releaseView{}
	for name, tc := range map[string]struct {
		views   []releaseView
		running bool
		want    string
	}{
		"the last one": {[]releaseView{runs, not}, true, "* runs now"},
		"another one":  {[]releaseView{not, runs}, true, "* runs now; `berth ps` says why it is not the last one"},
		"none":         {[]releaseView{not, not}, true, "none of these runs now as it was released; `berth ps` shows what runs"},
		"after down":   {[]releaseView{not, not}, false, "none of these runs: no service is there now"},
	} {
		if got := legend(tc.views, tc.running); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
