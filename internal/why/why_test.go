package why_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/why"
	"github.com/berthdev/berth/test/bed"
)

// TestFaults: in each fault the first line names the cause, with evidence and a next
// command.
func TestFaults(t *testing.T) {
	t.Parallel()
	all := faults()
	if len(all) < 40 {
		t.Errorf("%d faults, want 40", len(all))
	}
	for name, f := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f.inWorld(t, func(t *testing.T, a why.Answer) {
				t.Logf("%s %s\n%s\n- %s\nnext: %s", a.State, a.Code, a.Cause, strings.Join(a.Evidence, "\n- "), a.Next)
				for _, part := range f.also {
					if !strings.Contains(a.Cause, part) {
						t.Errorf("%s: %q, want %q too", a.Code, a.Cause, part)
					}
				}
				if !strings.Contains(a.Cause, f.says) || strings.Contains(a.Cause, "\n") {
					t.Errorf("%s: %q, want one line with %q", a.Code, a.Cause, f.says)
				}
				shown := len(a.Evidence) > 0 || a.State == why.Absent
				if a.Code == "" || a.State == why.Well || a.Next == "" || !shown {
					t.Errorf("an answer without code, evidence or next step: %+v", a)
				}
			})
		})
	}
}

// TestHealthyWorlds: nothing is wrong in worlds of many kinds, and why says so.
func TestHealthyWorlds(t *testing.T) {
	t.Parallel()
	with := func(lines string) string { return swap(plain, "    expose", lines+"\n    expose") }
	worlds := map[string]fault{
		"a service": {file: plain}, "a public service": {file: public}, "a service with a role": {file: withRole},
		"another preset":                  {file: plain + "x-berth: {preset: balanced}\n"},
		"three replicas":                  {file: with("    deploy: {replicas: 3}")},
		"spot":                            {file: with("    x-berth: {spot: true}\n    deploy: {replicas: 3}")},
		"arm":                             {file: with("    platform: linux/arm64")},
		"an image for arm on arm":         {file: swap(with("    platform: linux/arm64"), "nginx:1.29", "sandbox/index-of:arm64")},
		"a slow start":                    {file: swap(public, "nginx:1.29", "sandbox/slow:20s")},
		"an address that redirects":       {file: swap(public, "nginx:1.29", "sandbox/answers:302")},
		"enough memory":                   {file: swap(plain, "nginx:1.29", "sandbox/uses:400m")},
		"enough disk":                     {file: swap(plain, "nginx:1.29", "sandbox/writes:10g")},
		"a sidecar":                       {file: plain + "  proxy: {image: envoy, x-berth: {sidecar_of: web}}\n"},
		"an update":                       {file: plain, next: swap(plain, "1.29", "1.30"), wait: 2 * time.Minute},
		"an update of a public service":   {file: public, next: swap(public, "1.29", "1.30"), wait: 2 * time.Minute},
		"a failure that an update mended": {file: swap(plain, "nginx:1.29", "sandbox/exit:3"), next: plain, wait: 3 * time.Minute},
		"a job":                           {file: plain + "  migrate: {image: migrate, restart: \"no\"}\n", of: "migrate"},
		"a job of long ago":               {file: plain + "  migrate: {image: migrate, restart: \"no\"}\n", of: "migrate", wait: 2 * time.Hour},
		"a task that ended long ago":      {file: plain, breaks: func(t *testing.T, g *ground) { g.stopTasks(t) }, wait: 2 * time.Hour},
		"a smaller count":                 {file: with("    deploy: {replicas: 3}"), breaks: func(t *testing.T, g *ground) { g.scale(t, 1) }, wait: 2 * time.Minute},
		"a secret":                        {file: withSecret, before: func(t *testing.T, g *ground) { g.SetSecret(t, "shop-dev", "TOKEN", "x") }},
		"a maintenance page of a part":    {file: public, breaks: func(t *testing.T, g *ground) { g.answer(t, "/old/*", "410") }},
		"a boundary that allows":          {file: plain, breaks: func(t *testing.T, g *ground) { g.bound(t, g.executionRole(t), `"logs:*"`) }},
		"a service that it needs":         {file: swap(plain, "nginx:1.29", "sandbox/needs:api-80") + "  api: {image: nginx:1.29, expose: [\"80\"]}\n"},
		"a call that its role may make":   {file: swap(withRole, "nginx:1.29", "sandbox/calls:s3-ListAllMyBuckets")},
		"a read-only file system":         {file: with("    read_only: true")},
		"a health path of its own":        {file: swap(public, "nginx:1.29", "sandbox/serves:up")},
		"no room without a deployment":    {file: plain, breaks: func(t *testing.T, g *ground) { g.tighten(t, false) }},
		"a deleted task definition":       {file: plain, breaks: func(t *testing.T, g *ground) { g.deleteDefinition(t); g.scale(t, 2) }, wait: 3 * time.Hour},
		"an image of ECR":                 {file: ownImage, before: func(t *testing.T, g *ground) { g.push(t, "web", "1") }},
	}
	if len(worlds) < 20 {
		t.Errorf("%d worlds, want 20", len(worlds))
	}
	for name, f := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f.inWorld(t, func(t *testing.T, a why.Answer) {
				if a.State != why.Well || a.Code != "" || !strings.HasPrefix(a.Cause, "nothing is") || a.Next != "" || len(a.Log) > 0 {
					t.Errorf("%+v", a)
				}
			})
		})
	}
}

// TestLogRules: what programs write before they end, in several languages.
func TestLogRules(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"Error: getaddrinfo ENOTFOUND db":                  "name_unknown",
		"dial tcp: lookup db on 10.0.0.2:53: no such host": "name_unknown",
		"An error occurred (AccessDenied) when calling the ListBuckets operation: User: arn:aws:sts::123456789012:assumed-role/app/3f is " +
			"not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action": "call_denied",
		"Error: EROFS: read-only file system, open '/app/cache'":                       "read_only",
		"OSError: [Errno 30] Read-only file system: '/app/cache'":                      "read_only",
		"psycopg2.OperationalError: could not translate host name \"db\" to address":   "name_unknown",
		"Error: connect ECONNREFUSED 10.0.0.4:5432":                                    "connection_failed",
		"connection to server at \"db\" (10.0.0.4), port 5432 failed: timeout expired": "connection_failed",
		"Error: listen EADDRINUSE: address already in use :::80":                       "port_taken",
		"OSError: [Errno 28] No space left on device":                                  "disk_full",
		"open /data/lock: permission denied":                                           "permission_denied",
		"exec /app/server: exec format error":                                          "wrong_architecture",
		"panic: runtime error: index out of range":                                     "exit_code",
	} {
		t.Run(want+" "+line, func(t *testing.T) {
			t.Parallel()
			task := types.Task{
				TaskArn: aws.String("task/shop/1"), StopCode: types.TaskStopCodeEssentialContainerExited,
				StoppedReason: aws.String("Essential container in task exited"),
				Containers:    []types.Container{{Name: aws.String("web"), ExitCode: aws.Int32(1)}},
			}
			a := why.Judge(&why.Facts{Task: &task, Container: &task.Containers[0], Log: []string{"starting", line, "bye"}})
			if a.Code != want || a.State != why.Wrong {
				t.Errorf("%s: %s, want %s", a.Code, a.Cause, want)
			}
		})
	}
}

// TestReleases: a release that failed says why by its id.
func TestReleases(t *testing.T) {
	t.Parallel()
	crashing := bed.App(t, swap(plain, "nginx:1.29", "sandbox/exit:3"))
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Seed: 1})
		p, err := b.Start(t.Context(), crashing)
		must(t, err)
		_, out, err := p.Do(t.Context(), deploy.Request{})
		if !deploy.Unhealthy(err) || out.Release == nil {
			t.Fatalf("error %v", err)
		}
		answers, err := deploy.Why(t.Context(), p.Project, out.Release.ID[:16])
		must(t, err)
		if len(answers) != 1 || answers[0].Code != "release_unhealthy" || !strings.Contains(answers[0].Cause, "exit code 3") {
			t.Errorf("answers %+v", answers)
		}
		_, err = deploy.Why(t.Context(), p.Project, "20200101T000000Z")
		var unknown *deploy.UnknownIDError
		if !errors.As(err, &unknown) {
			t.Errorf("error %v of an unknown release", err)
		}
	})
}
