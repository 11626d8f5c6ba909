package operator

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/sandbox"
)

// plan pipes manifests to `berth plan -f -`, which must do without Kubernetes.
func (b *bed) plan(t *testing.T, manifests string, args ...string) string {
	t.Helper()
	cmd := exec.Command(binary(t, "berth"), append([]string{"plan", "-f", "-"}, args...)...)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir, "AWS_ENDPOINT_URL=" + b.front.URL, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ACCESS_KEY_ID=AKIAOPERATOR", "AWS_SECRET_ACCESS_KEY=x", "AWS_REGION=us-east-1",
	}
	cmd.Stdin = strings.NewReader(manifests)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("berth plan -f -: %v\n%s", err, out)
	}
	return string(out)
}

// TestPlanOfTakeOver shows what taking over a whole Kubernetes cluster changes,
// and then lets the operator do it: it does what the plan said.
func TestPlanOfTakeOver(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.Apply(t, provider("default", "aws", "  defaultTags: {team: a}\n"))
	b.legacy(t, "old")
	b.foreign(t, "theirs")
	b.Apply(t, shop("theirs", ""))
	b.Apply(t, shop("new", ""))

	// The page's kinds as one line gets them, with and without the providers.
	for _, kinds := range []string{"ecscluster", "awsprovider,ecscluster"} {
		got := b.plan(t, b.Must(t, "get", kinds, "-A", "-o", "yaml"), "--region=us-east-1")
		for _, want := range []string{
			"ECSCluster default/old", "insights", "ECSCluster default/new", "+ create",
			"ECSCluster default/theirs", "left alone", "3 objects: 2 to change, 0 unchanged, 1 left alone. Nothing was changed.",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the plan of %s has no %q:\n%s", kinds, want, got)
			}
		}
		if strings.Contains(kinds, "awsprovider") && !strings.Contains(got, "team") {
			t.Errorf("the plan says nothing of the provider's default tags:\n%s", got)
		}
	}
	if n := len(b.mutating()); n != 0 {
		t.Fatalf("the plan changed AWS: %v", b.mutating())
	}
	b.operate(t)
	b.synced(t, "default", "old")
	b.synced(t, "default", "new")
	after := b.plan(t, b.Must(t, "get", "awsprovider,ecscluster", "-A", "-o", "yaml"))
	if !strings.Contains(after, "3 objects: 0 to change, 2 unchanged, 1 left alone.") {
		t.Errorf("the plan after the operator's work:\n%s", after)
	}
}

// TestSandbox runs the operator without any AWS, by the command that people
// know: berth becomes the operator, which ends as it does by itself.
func TestSandbox(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	p := b.start(t, binary(t, "berth"), "--sandbox", "operator")
	p.ready(t)
	b.providersOfPage(t)
	b.Apply(t, page(t, "cluster-serverless.yaml"))
	b.synced(t, "production", "serverless-cluster")
	if calls := b.front.Calls(); len(calls) > 0 {
		t.Errorf("called AWS: %v", calls)
	}
	p.stop(t)
}
