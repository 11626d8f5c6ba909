package operator

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/sandbox"
)

// made is a bed with the basic cluster, made long enough ago to be shown.
func made(t *testing.T) *bed {
	t.Helper()
	b := newBed(t)
	b.apply(staticProvider + "\n---\n" + basicCluster)
	b.sync("main")
	b.synced("main")
	time.Sleep(time.Minute)
	return b
}

const testCluster = "my-fargate-cluster"

// later lets AWS show everything and passes once more.
func (b *bed) later(name string) {
	b.t.Helper()
	time.Sleep(6 * time.Minute)
	b.sync(name)
}

// idle checks that a further pass changes nothing anywhere.
func (b *bed) idle(name string) {
	b.t.Helper()
	time.Sleep(6 * time.Minute)
	before, changes := b.writes, b.calls(changing...)
	b.sync(name)
	if b.writes != before || b.calls(changing...) != changes {
		b.t.Errorf("an idle pass made %d writes to Kubernetes and %d to AWS; events: %v",
			b.writes-before, b.calls(changing...)-changes, b.events(name))
	}
}

var changing = []string{"Create", "Update", "Put", "Delete", "Tag", "Untag"}

// edits is one edit of a spec with what AWS must show afterwards. Each step is
// followed by an idle pass.
type edits struct {
	name  string
	edit  func(*v1alpha1.ECSClusterSpec)
	shows func(*types.Cluster) any
	want  any
}

func TestEdits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		steps []edits
	}{
		{"exec", []edits{
			{"on", func(s *v1alpha1.ECSClusterSpec) {
				s.Configuration = execWith(v1alpha1.ExecuteCommandConfiguration{Logging: "OVERRIDE", KMSKeyID: "key", LogConfiguration: &v1alpha1.ExecuteCommandLogConfiguration{
					CloudWatchLogGroupName: "/ecs/a", CloudWatchEncryptionEnabled: true, S3BucketName: "b", S3EncryptionEnabled: true, S3KeyPrefix: "p/",
				}})
			}, showExec, "OVERRIDE key /ecs/a true b true p/"},
			{"edited", func(s *v1alpha1.ECSClusterSpec) {
				s.Configuration.ExecuteCommandConfiguration.LogConfiguration.CloudWatchLogGroupName = "/ecs/b"
			}, showExec, "OVERRIDE key /ecs/b true b true p/"},
			{"none", func(s *v1alpha1.ECSClusterSpec) {
				s.Configuration = execWith(v1alpha1.ExecuteCommandConfiguration{Logging: "NONE"})
			}, showExec, "NONE"},
			{"default", func(s *v1alpha1.ECSClusterSpec) {
				s.Configuration = execWith(v1alpha1.ExecuteCommandConfiguration{Logging: "DEFAULT"})
			}, showExec, "DEFAULT"},
			{"with a key", func(s *v1alpha1.ECSClusterSpec) {
				s.Configuration = execWith(v1alpha1.ExecuteCommandConfiguration{KMSKeyID: "key"})
			}, showExec, "DEFAULT key"},
			{"off", func(s *v1alpha1.ECSClusterSpec) { s.Configuration = nil }, showExec, "DEFAULT"},
		}},
		{"service connect", []edits{
			{"on", func(s *v1alpha1.ECSClusterSpec) {
				s.ServiceConnectDefaults = &v1alpha1.ServiceConnectDefaults{Namespace: "one"}
			}, showConnect, true},
			{"edited", func(s *v1alpha1.ECSClusterSpec) { s.ServiceConnectDefaults.Namespace = "two" }, showConnect, true},
			{"an ARN", func(s *v1alpha1.ECSClusterSpec) {
				s.ServiceConnectDefaults.Namespace = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1"
			}, showConnect, true},
			{"off", func(s *v1alpha1.ECSClusterSpec) { s.ServiceConnectDefaults = nil }, showConnect, false},
		}},
		{"capacity", []edits{
			{"the page's patch: providers without a strategy", func(s *v1alpha1.ECSClusterSpec) { s.CapacityProviders = []string{"FARGATE"} },
				showCapacity, "[FARGATE] "},
			{"a strategy", func(s *v1alpha1.ECSClusterSpec) {
				s.CapacityProviders = []string{"FARGATE_SPOT", "FARGATE"}
				s.DefaultCapacityProviderStrategy = []v1alpha1.CapacityProviderStrategyItem{
					{CapacityProvider: "FARGATE_SPOT", Weight: 20}, {CapacityProvider: "FARGATE", Weight: 80, Base: 10},
				}
			}, showCapacity, "[FARGATE_SPOT FARGATE] FARGATE_SPOT 20 0 FARGATE 80 10 "},
			{"in another order", func(s *v1alpha1.ECSClusterSpec) {
				s.CapacityProviders = []string{"FARGATE", "FARGATE_SPOT"}
				s.DefaultCapacityProviderStrategy = []v1alpha1.CapacityProviderStrategyItem{
					{CapacityProvider: "FARGATE", Weight: 80, Base: 10}, {CapacityProvider: "FARGATE_SPOT", Weight: 20},
				}
			}, showCapacity, "[FARGATE_SPOT FARGATE] FARGATE_SPOT 20 0 FARGATE 80 10 "},
			{"the strategy edited", func(s *v1alpha1.ECSClusterSpec) { s.DefaultCapacityProviderStrategy[0].Base = 0 },
				showCapacity, "[FARGATE FARGATE_SPOT] FARGATE 80 0 FARGATE_SPOT 20 0 "},
			{"no strategy", func(s *v1alpha1.ECSClusterSpec) { s.DefaultCapacityProviderStrategy = nil },
				showCapacity, "[FARGATE FARGATE_SPOT] "},
			{"no providers", func(s *v1alpha1.ECSClusterSpec) { s.CapacityProviders = nil }, showCapacity, "[] "},
		}},
		{"insights", []edits{
			{"enhanced", func(s *v1alpha1.ECSClusterSpec) { s.Settings[0].Value = "enhanced" }, showInsights, "enhanced"},
			{"disabled", func(s *v1alpha1.ECSClusterSpec) { s.Settings[0].Value = "disabled" }, showInsights, "disabled"},
			{"left out", func(s *v1alpha1.ECSClusterSpec) { s.Settings = nil }, showInsights, "enabled"},
		}},
		{"tags", []edits{
			{"added and removed", func(s *v1alpha1.ECSClusterSpec) { s.Tags = map[string]string{"Team": "a", "environment": "mine"} },
				showTags, map[string]string{"Team": "a", "environment": "mine", "managed-by": "infra-operator", "Name": testCluster}},
			{"none", func(s *v1alpha1.ECSClusterSpec) { s.Tags = nil },
				showTags, map[string]string{"environment": "test", "managed-by": "infra-operator", "Name": testCluster}},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := made(t)
				for _, step := range tt.steps {
					b.edit("main", func(o *v1alpha1.ECSCluster) { step.edit(&o.Spec) })
					b.sync("main")
					b.synced("main")
					time.Sleep(time.Minute)
					if diff := cmp.Diff(step.want, step.shows(b.shown(testCluster))); diff != "" {
						t.Errorf("%s (-want +got):\n%s", step.name, diff)
					}
					b.idle("main")
				}
			})
		})
	}
}

func execWith(e v1alpha1.ExecuteCommandConfiguration) *v1alpha1.ClusterConfiguration {
	return &v1alpha1.ClusterConfiguration{ExecuteCommandConfiguration: &e}
}

func showExec(c *types.Cluster) any {
	e := c.Configuration.ExecuteCommandConfiguration
	words := []string{string(e.Logging)}
	if e.KmsKeyId != nil {
		words = append(words, *e.KmsKeyId)
	}
	if l := e.LogConfiguration; l != nil {
		yes := func(v bool) string { return map[bool]string{true: "true", false: "false"}[v] }
		words = append(words, aws.ToString(l.CloudWatchLogGroupName), yes(l.CloudWatchEncryptionEnabled),
			aws.ToString(l.S3BucketName), yes(l.S3EncryptionEnabled), aws.ToString(l.S3KeyPrefix))
	}
	return strings.Join(words, " ")
}

func showConnect(c *types.Cluster) any { return c.ServiceConnectDefaults != nil }

func showCapacity(c *types.Cluster) any { return capacityText(c) }

func showInsights(c *types.Cluster) any { return aws.ToString(c.Settings[0].Value) }

func showTags(c *types.Cluster) any {
	out := map[string]string{}
	for _, t := range c.Tags {
		if !strings.HasPrefix(*t.Key, "berth:") {
			out[*t.Key] = *t.Value
		}
	}
	return out
}

// TestReadingFails must not be taken for absence.
func TestReadingFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		kind   sandbox.FaultKind
		reason string
		text   string
	}{
		{"denied", sandbox.Deny, v1alpha1.ReasonDenied, "the role lacks ecs:DescribeClusters on arn:aws:ecs:us-east-1:123456789012:cluster/my-fargate-cluster"},
		{"throttled", sandbox.Throttle, v1alpha1.ReasonThrottled, "ThrottlingException"},
		{"no answer", sandbox.FailBefore, v1alpha1.ReasonRetrying, "connection reset"},
		{"expired", sandbox.Expire, v1alpha1.ReasonSignIn, "expired"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				b.apply(staticProvider + "\n---\n" + basicCluster)
				b.world().Inject(func(c sandbox.Call) sandbox.Fault {
					if c.Operation == "DescribeClusters" {
						return sandbox.Fault{Kind: tt.kind}
					}
					return sandbox.Fault{}
				})
				b.sync("main")
				if got := b.condition("main", metav1.ConditionFalse, tt.reason); !strings.Contains(got, tt.text) {
					t.Errorf("message %q lacks %q", got, tt.text)
				}
				b.told("main", tt.reason)
				if b.calls("CreateCluster") > 0 {
					t.Error("a cluster was made though AWS could not be read")
				}
				b.world().Inject(nil)
				b.later("main")
				b.synced("main")
			})
		})
	}
}

// TestUnreadyIsLookedAtSoon: a cluster is looked at again soon while it is not ACTIVE.
func TestUnreadyIsLookedAtSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		p := &pass{clusters: b.clusters, o: b.get("main")}
		acc, _, err := b.clusters.providers.account(t.Context(), "default", p.o.Spec.ProviderRef)
		if err != nil {
			t.Fatal(err)
		}
		p.acc, p.o.Status.Ready, p.o.Status.Status = acc, false, "PROVISIONING"
		p.object = objectOf(b.shown(testCluster))
		if again := p.succeed(); again > 10*time.Second {
			t.Errorf("looked at again after %s", again)
		}
	})
}

// TestSpecIsNeverWritten compares the object before and after its life.
func TestSpecIsNeverWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.apply(staticProvider + "\n---\n" + basicCluster)
		before := b.get("main")
		b.sync("main")
		b.later("main")
		after := b.get("main")
		if diff := cmp.Diff(before.Spec, after.Spec); diff != "" || before.Generation != after.Generation {
			t.Errorf("the spec changed: %s", diff)
		}
	})
}

// TestKubernetesDoesNotAnswer is the only failure that Reconcile returns.
func TestKubernetesDoesNotAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.apply(staticProvider + "\n---\n" + basicCluster)
		b.syncProvider("aws")
		b.broken = func(verb string) error {
			if verb == "status" {
				return errors.New("no answer")
			}
			return nil
		}
		if _, err := b.clusters.Reconcile(t.Context(), request("main")); err == nil {
			t.Error("a status that could not be written is no error")
		}
		b.broken = nil
		b.restart() // the status write was lost
		time.Sleep(time.Minute)
		b.sync("main")
		b.synced("main")
		n := 0
		for _, c := range b.world().Calls() {
			if c.Operation == "CreateCluster" && c.Code == "" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d clusters made", n)
		}
	})
}
