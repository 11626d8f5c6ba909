package outline_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

var update = flag.Bool("update", false, "write the golden files anew")

// source reads a Compose text.
func source(t *testing.T, compose string) deploy.Source {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(compose), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := deploy.Load(t.Context(), project.Options{Dir: dir, Env: []string{}}, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.App.Source.Remote, s.App.Source.Path = "https://example.com/shop.git", "compose.yaml"
	return s
}

// planned makes a plan of a source, and carries it out if it is to be.
func planned(ctx context.Context, t *testing.T, b *bed.Bed, s deploy.Source, req deploy.Request, apply bool) *deploy.Plan {
	t.Helper()
	target, err := b.TargetOn(ctx, "host")
	if err != nil {
		t.Fatal(err)
	}
	p, err := deploy.Open(ctx, s, target)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := p.Plan(ctx, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if apply {
		if _, err := p.Apply(ctx, plan, nil); err != nil {
			t.Fatal(err)
		}
	}
	return plan
}

// overview is the plan for a Compose text after another one was deployed; there is
// nothing yet if the first one is empty.
func overview(t *testing.T, before, after string, req deploy.Request, columns int) string {
	t.Helper()
	var was deploy.Source
	if before != "" {
		was = source(t, before)
	}
	is := source(t, after)
	var text string
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 20 * time.Millisecond})
		if before != "" {
			planned(t.Context(), t, b, was, deploy.Request{}, true)
			time.Sleep(time.Minute)
		}
		plan := planned(t.Context(), t, b, is, req, false)
		text = plantext.Text(plantext.Overview(plan.Plan, plan.Parts(), columns))
		for _, width := range []int{20, 40, 60, 72, 80, 100, 120, 200} {
			for _, line := range plantext.Overview(plan.Plan, plan.Parts(), width) {
				if n := len([]rune(line.String())); n > plantext.Width(width) {
					t.Errorf("%d columns on a terminal of %d: %s", n, width, line)
				}
			}
		}
	})
	return text
}

// TestOverviews: each case is a plan as people read it.
func TestOverviews(t *testing.T) {
	t.Parallel()
	shop := shop(t)
	for name, tc := range map[string]struct {
		compose string
		// edit are pairs: a text of the file and what it becomes. Without any, nothing
		// is deployed yet.
		edit []string
		req  deploy.Request
	}{
		"first plan":        {compose: shop},
		"no change":         {compose: shop, edit: []string{"", ""}},
		"variable":          {compose: shop, edit: []string{"LOG_LEVEL: info", "LOG_LEVEL: debug"}},
		"variable shown":    {compose: shop, edit: []string{"LOG_LEVEL: info", "LOG_LEVEL: debug"}, req: deploy.Request{ShowValues: true}},
		"other variable":    {compose: shop, edit: []string{"LOG_LEVEL: info", "LEVEL: info"}},
		"image":             {compose: shop, edit: []string{"http-echo:1.0", "http-echo:1.1"}},
		"size":              {compose: shop, edit: []string{`cpus: "0.5", memory: 1G`, `cpus: "1", memory: 2G`}},
		"count":             {compose: shop, edit: []string{"replicas: 2", "replicas: 4"}},
		"port":              {compose: shop, edit: []string{`"8080:80"`, `"9090:80"`}},
		"job":               {compose: shop, edit: []string{"SET schema 3", "SET schema 4"}},
		"command and check": {compose: shop, edit: []string{"hello from", "bye from", "/health }", "/up }"}},
		"preset":            {compose: shop, edit: []string{"preset: affordable", "preset: balanced"}},
		"retention":         {compose: shop, edit: []string{"preset: affordable", "logs: { retention_days: 30 }"}},
		"tmpfs":             {compose: shop, edit: []string{"    healthcheck:", "    tmpfs: [\"/tmp:size=64m\"]\n    healthcheck:"}},
		"tmpfs larger":      {compose: tmpfs, edit: []string{"size=64m", "size=128m"}},
		"tmpfs goes":        {compose: tmpfs, edit: []string{"    tmpfs: [\"/tmp:size=64m\"]\n", ""}},
		"tmpfs option":      {compose: tmpfs, edit: []string{"size=64m", "size=64m,exec"}},
		"instances first":   {compose: onInstances},
		"sidecar first":     {compose: sidecars},
		"sidecar image":     {compose: sidecars, edit: []string{"envoy:1", "envoy:2"}},
		"sidecar variable":  {compose: sidecars, edit: []string{"LOG_LEVEL: info", "LOG_LEVEL: debug"}},
		"sidecar share":     {compose: sidecars, edit: []string{`cpus: "0.25", memory: 256M`, `cpus: "0.25", memory: 384M`}},
		"sidecar comes":     {compose: sidecars, edit: []string{"  assets:\n    image", "  agent: { image: agent:1, x-berth: { sidecar_of: web } }\n  assets:\n    image"}},
		"sidecar order":     {compose: sidecars, edit: []string{"service_completed_successfully }", "service_completed_successfully, required: false }"}},
		"sidecar goes": {compose: sidecars, edit: []string{
			"    depends_on: { assets: { condition: service_completed_successfully } }\n", "", "  assets:\n    image: assets:1\n    x-berth: { sidecar_of: web }\n", "",
		}},
		"service goes":       {compose: shop, edit: []string{"  worker:\n", "  other:\n"}},
		"down":               {compose: shop, edit: []string{"", ""}, req: deploy.Request{Down: true}},
		"data first":         {compose: stores},
		"data upgrade":       {compose: stores, edit: []string{"postgres:16", "postgres:17"}},
		"data refused":       {compose: stores, edit: []string{"postgres:16", "postgres:17", "allow_downtime: true", "backup_days: 7"}},
		"data becomes tasks": {compose: stores, edit: []string{"x-berth: { managed: true }", "expose: [\"6379\"]"}},
		"data down":          {compose: stores, edit: []string{"", ""}, req: deploy.Request{Down: true}},
		"data down for good": {compose: stores, edit: []string{"", ""}, req: deploy.Request{Down: true, DeleteData: true}},
		"volume renamed":     {compose: stores, edit: []string{"files:/data", "photos:/data", "{ files: {} }", "{ photos: {} }"}},
		"volume exchanged":   {compose: stores, edit: []string{"files:/data", "photos:/data\", \"files:/old", "{ files: {} }", "{ photos: {}, files: {} }"}},
		"database renamed":   {compose: stores, edit: []string{"[db]", "[base]", "  db:", "  base:"}},
		"container port":     {compose: shop, edit: []string{`"8080:80"`, `"8080:81"`}},
		"config":             {compose: configs, edit: []string{"listen 80", "listen 8080"}},
		"config comes":       {compose: configs, edit: []string{", { source: other, target: /run/configs/other.conf }", "", "{ source: site, target: /run/configs/site.conf }", "{ source: other, target: /run/configs/other.conf }"}},
		"build argument":     {compose: built, edit: []string{`RELEASE: "1"`, `RELEASE: "2"`}},
		"build text":         {compose: built, edit: []string{`FROM nginx:1.29`, `FROM nginx:1.31`}},
		"volume goes":        {compose: stores, edit: []string{`    volumes: ["files:/data"]` + "\n", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, after := tc.compose, tc.compose
			if len(tc.edit) == 0 {
				before = ""
			}
			for i := 0; i < len(tc.edit); i += 2 {
				if !strings.Contains(after, tc.edit[i]) {
					t.Fatalf("the file has no %q", tc.edit[i])
				}
				after = strings.Replace(after, tc.edit[i], tc.edit[i+1], 1)
			}
			golden(t, strings.ReplaceAll(name, " ", "-")+".txt", overview(t, before, after, tc.req, 80))
		})
	}
}

// TestNarrowAndWideTerminals: the same plans on terminals of other widths.
func TestNarrowAndWideTerminals(t *testing.T) {
	t.Parallel()
	shop := shop(t)
	for _, columns := range []int{40, 200} {
		golden(t, fmt.Sprintf("first-%d.txt", columns), overview(t, "", shop, deploy.Request{}, columns))
		golden(t, fmt.Sprintf("change-%d.txt", columns), overview(t, shop, strings.NewReplacer("http-echo:1.0", "http-echo:1.1", "LOG_LEVEL: info", "LOG_LEVEL: debug").Replace(shop), deploy.Request{}, columns))
	}
}

// TestWhatFollowsASecretHidesNoOtherChange: a new value changes a parameter, and all
// that a plan says of the task definition is that it follows.
func TestWhatFollowsASecretHidesNoOtherChange(t *testing.T) {
	t.Parallel()
	was := source(t, secrets)
	is := source(t, strings.NewReplacer("info", "debug", `OLD: "1"`, "NEW: x", `["serve"]`, `["serve", "--fast"]`).Replace(secrets))
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 20 * time.Millisecond})
		set := func(value string) {
			for _, name := range []string{"PW", "TOKEN"} {
				b.SetSecret(t, was.App.Environment, name, value)
			}
		}
		set("a-value")
		planned(t.Context(), t, b, was, deploy.Request{}, true)
		time.Sleep(time.Minute)
		set("another-value")
		plan := planned(t.Context(), t, b, is, deploy.Request{}, false)
		golden(t, "secret.txt", plantext.Text(plantext.Overview(plan.Plan, plan.Parts(), 80)))
	})
}

// TestSecretsThatCome: a secret of a new variable, one in place of a literal, and one
// that exists already are told by the variable's name.
func TestSecretsThatCome(t *testing.T) {
	t.Parallel()
	const before = `name: secrets
services:
  web:
    image: nginx:1.29
    environment:
      LEVEL: info
`
	without, _, _ := strings.Cut(before, "      LEVEL")
	is := source(t, without+`      LEVEL:
      TOKEN:
      OTHER: ${PW}
      URL: "https://user:${PW}@example.com"
    secrets: [cert]
secrets: { cert: { environment: CERT } }
`)
	was := source(t, before)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 20 * time.Millisecond})
		planned(t.Context(), t, b, was, deploy.Request{}, true)
		for _, name := range []string{"LEVEL", "TOKEN", "PW", "CERT", "cert"} {
			b.SetSecret(t, is.App.Environment, name, "a-value")
		}
		time.Sleep(time.Minute)
		plan := planned(t.Context(), t, b, is, deploy.Request{}, false)
		text := plantext.Text(plantext.Overview(plan.Plan, plan.Parts(), 80))
		golden(t, "secrets-come.txt", text)
		if strings.Contains(text, "arn:") {
			t.Errorf("the plan shows an ARN:\n%s", text)
		}
	})
}

// TestAVariableThatBecomesASecretIsNotCalledRemoved: whether a text with a secret in
// it is one depends on whether the secret has a value, which no file says.
func TestAVariableThatBecomesASecretIsNotCalledRemoved(t *testing.T) {
	t.Parallel()
	s := source(t, `name: secrets
services:
  web:
    image: nginx:1.29
    environment: { DB: "postgres://u:${PW}@db/x" }
`)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 20 * time.Millisecond})
		store := aws.NewClients(b.World.Config()).Store(s.App.Environment)
		empty := func(is bool) {
			if _, err := store.MarkEmpty(t.Context(), []string{"PW"}, is); err != nil {
				t.Fatal(err)
			}
		}
		empty(true)
		planned(t.Context(), t, b, s, deploy.Request{}, true)
		time.Sleep(time.Minute)
		b.SetSecret(t, s.App.Environment, "PW", "a-value")
		plan := planned(t.Context(), t, b, s, deploy.Request{}, true)
		golden(t, "becomes-secret.txt", plantext.Text(plantext.Overview(plan.Plan, plan.Parts(), 80)))
		time.Sleep(time.Minute)
		if err := store.Remove(t.Context(), "PW"); err != nil {
			t.Fatal(err)
		}
		empty(true)
		plan = planned(t.Context(), t, b, s, deploy.Request{}, false)
		golden(t, "no-longer-secret.txt", plantext.Text(plantext.Overview(plan.Plan, plan.Parts(), 80)))
	})
}

// TestManyServicesFitOnAScreenAndAHalf: a first plan has one line a service.
func TestManyServicesFitOnAScreenAndAHalf(t *testing.T) {
	t.Parallel()
	text := overview(t, "", many(40), deploy.Request{}, 80)
	golden(t, "many.txt", text)
	if n := strings.Count(text, "\n"); n > 60 {
		t.Errorf("%d lines", n)
	}
	for i := range 40 {
		if name := fmt.Sprintf("service-%02d", i); strings.Count(text, "+ "+name+" ") != 1 {
			t.Errorf("%s is not there once", name)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, d)
	}
}
