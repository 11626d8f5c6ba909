package operator

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/yaml"

	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/modelled"
	"github.com/berthdev/berth/internal/sandbox"
)

// bed is Kubernetes without a server and AWS without an account. It must be
// made inside a testing/synctest bubble.
type bed struct {
	t      *testing.T
	client client.Client
	worlds *modelled.Worlds
	// broken, if set, fails writes to Kubernetes.
	broken func(verb string) error
	// writes counts those to Kubernetes.
	mu     sync.Mutex
	writes int

	clusters  *clusters
	providers *providerControl
	registry  *prometheus.Registry
}

const testRegion = "us-east-1"

func newBed(t *testing.T, objects ...client.Object) *bed {
	t.Helper()
	b := &bed{t: t, worlds: &modelled.Worlds{Options: sandbox.Options{Seed: 1, MaxLag: 14 * time.Second, Buckets: true}}}
	scheme, err := Scheme()
	if err != nil {
		t.Fatal(err)
	}
	b.client = fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).
		WithStatusSubresource(&v1alpha1.AWSProvider{}, &v1alpha1.ECSCluster{}).
		WithIndex(&v1alpha1.ECSCluster{}, providerIndex, providerOf).
		WithInterceptorFuncs(b.interceptors()).Build()
	b.restart()
	return b
}

func (b *bed) interceptors() interceptor.Funcs {
	write := func(verb string) error {
		if b.broken != nil {
			if err := b.broken(verb); err != nil {
				return err
			}
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.writes++
		return nil
	}
	return interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			if err := write("create"); err != nil {
				return err
			}
			return c.Create(ctx, o, opts...)
		},
		Patch: func(ctx context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
			if err := write("patch"); err != nil {
				return err
			}
			return c.Patch(ctx, o, p, opts...)
		},
		SubResourceApply: func(ctx context.Context, c client.Client, sub string, o runtime.ApplyConfiguration, opts ...client.SubResourceApplyOption) error {
			if err := write("status"); err != nil {
				return err
			}
			return c.SubResource(sub).Apply(ctx, o, opts...)
		},
	}
}

// restart is a new process: all that was remembered is lost.
func (b *bed) restart() {
	b.t.Helper()
	b.registry = prometheus.NewRegistry()
	m, err := newMetrics(b.registry)
	if err != nil {
		b.t.Fatal(err)
	}
	wall, log := clock.Wall{}, slog.New(slog.DiscardHandler)
	half := func() float64 { return 0.5 }
	events := newReporter(b.client, wall, "test")
	doors := &providers{
		client: b.client, object: b.client, clock: wall, known: map[types.UID]signed{},
		accounts: account.New(b.worlds, wall, m.observe),
	}
	b.providers = &providerControl{client: b.client, providers: doors, events: events, metrics: m, clock: wall, log: log, random: half, resync: 5 * time.Minute}
	b.clusters = &clusters{
		client: b.client, providers: doors, events: events, metrics: m, memory: newMemory(wall.Now()), clock: wall,
		log: log, random: half, clusterID: "test", resync: 5 * time.Minute,
	}
}

// apply creates or replaces objects, as kubectl apply does.
func (b *bed) apply(manifest string) {
	b.t.Helper()
	for doc := range strings.SplitSeq(manifest, "\n---\n") {
		var kind metav1.TypeMeta
		if err := yaml.Unmarshal([]byte(doc), &kind); err != nil {
			b.t.Fatal(err)
		}
		o := map[string]client.Object{
			"AWSProvider": &v1alpha1.AWSProvider{}, "ECSCluster": &v1alpha1.ECSCluster{}, "Secret": &corev1.Secret{},
			"Namespace": &corev1.Namespace{},
		}[kind.Kind]
		if err := yaml.UnmarshalStrict([]byte(doc), o); err != nil {
			b.t.Fatal(err)
		}
		b.put(o)
	}
}

func (b *bed) put(o client.Object) {
	b.t.Helper()
	if o.GetNamespace() == "" {
		if _, ok := o.(*corev1.Namespace); !ok {
			o.SetNamespace("default")
		}
	}
	if s, ok := o.(*corev1.Secret); ok && s.StringData != nil { // what the API server does
		s.Data = map[string][]byte{}
		for k, v := range s.StringData {
			s.Data[k] = []byte(v)
		}
		s.StringData = nil
	}
	if o.GetUID() == "" {
		o.SetUID(types.UID(o.GetNamespace() + "/" + o.GetName()))
	}
	o.SetGeneration(1)
	err := b.client.Create(b.t.Context(), o)
	if err != nil {
		b.t.Fatal(err)
	}
}

// edit changes an object as a user does.
func (b *bed) edit(name string, f func(*v1alpha1.ECSCluster)) {
	b.t.Helper()
	o := b.get(name)
	f(o)
	o.Generation++
	if err := b.client.Update(b.t.Context(), o); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bed) get(name string) *v1alpha1.ECSCluster {
	b.t.Helper()
	o, ok := b.find(name)
	if !ok {
		b.t.Fatalf("no ECSCluster %s", name)
	}
	return o
}

func (b *bed) find(name string) (*v1alpha1.ECSCluster, bool) {
	b.t.Helper()
	var o v1alpha1.ECSCluster
	err := b.client.Get(b.t.Context(), key(name), &o)
	if apierrors.IsNotFound(err) {
		return nil, false
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return &o, true
}

// sync is one pass over the provider "aws" and over an object.
func (b *bed) sync(name string) reconcile.Result {
	b.t.Helper()
	b.syncProvider("aws")
	return b.pass(name)
}

func (b *bed) pass(name string) reconcile.Result {
	b.t.Helper()
	r, err := b.clusters.Reconcile(b.t.Context(), request(name))
	if err != nil {
		b.t.Fatalf("reconciling %s: %v", name, err)
	}
	return r
}

func (b *bed) syncProvider(name string) reconcile.Result {
	b.t.Helper()
	r, err := b.providers.Reconcile(b.t.Context(), request(name))
	if err != nil {
		b.t.Fatalf("reconciling provider %s: %v", name, err)
	}
	return r
}

func request(name string) reconcile.Request {
	return reconcile.Request{NamespacedName: key(name)}
}

// key is NAME in the namespace default, or NAMESPACE/NAME.
func key(name string) types.NamespacedName {
	if ns, n, ok := strings.Cut(name, "/"); ok {
		return types.NamespacedName{Namespace: ns, Name: n}
	}
	return types.NamespacedName{Namespace: "default", Name: name}
}

// condition checks an object's condition Synced and returns its message.
func (b *bed) condition(name string, status metav1.ConditionStatus, reason string) string {
	b.t.Helper()
	c := meta.FindStatusCondition(b.get(name).Status.Conditions, v1alpha1.ConditionSynced)
	if c == nil {
		b.t.Fatalf("%s has no condition Synced", name)
	}
	if c.Status != status || c.Reason != reason {
		b.t.Errorf("%s: Synced is %s (%s): %s; want %s (%s)", name, c.Status, c.Reason, c.Message, status, reason)
	}
	return c.Message
}

func (b *bed) synced(name string) {
	b.t.Helper()
	b.condition(name, metav1.ConditionTrue, v1alpha1.ReasonSynced)
}

// world is the modelled AWS of static credentials.
func (b *bed) world() *sandbox.World {
	b.t.Helper()
	w, err := b.worlds.World("", testRegion)
	if err != nil {
		b.t.Fatal(err)
	}
	return w
}

func (b *bed) ecs() *awsecs.Client { return awsecs.NewFromConfig(b.world().Config()) }

// events are the reasons and notes told of an object.
func (b *bed) events(name string) []string {
	b.t.Helper()
	var list eventsv1.EventList
	if err := b.client.List(b.t.Context(), &list); err != nil {
		b.t.Fatal(err)
	}
	slices.SortStableFunc(list.Items, func(x, y eventsv1.Event) int { return x.EventTime.Compare(y.EventTime.Time) })
	var out []string
	for _, e := range list.Items {
		if e.Regarding.Name == name {
			out = append(out, e.Reason+": "+e.Note)
		}
	}
	return out
}

func (b *bed) told(name, want string) {
	b.t.Helper()
	if !slices.ContainsFunc(b.events(name), func(e string) bool { return strings.Contains(e, want) }) {
		b.t.Errorf("events of %s lack %q:\n%s", name, want, strings.Join(b.events(name), "\n"))
	}
}

// deleteObject deletes an object as a user does.
func (b *bed) deleteObject(name string) {
	b.t.Helper()
	if err := b.client.Delete(b.t.Context(), b.get(name)); err != nil {
		b.t.Fatal(err)
	}
}

// calls counts the calls of AWS so far whose operation begins like that.
func (b *bed) calls(prefixes ...string) int {
	b.t.Helper()
	n := 0
	for _, c := range b.world().Calls() {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(c.Operation, p) }) {
			n++
		}
	}
	return n
}

const staticProvider = `apiVersion: v1
kind: Secret
metadata: {name: aws-credentials}
type: Opaque
stringData: {access-key-id: test, secret-access-key: test}
---
apiVersion: aws-infra-operator.runner.codes/v1alpha1
kind: AWSProvider
metadata: {name: aws}
spec:
  region: us-east-1
  accessKeyIDRef: {name: aws-credentials, key: access-key-id}
  secretAccessKeyRef: {name: aws-credentials, key: secret-access-key}
  defaultTags: {managed-by: infra-operator, environment: test}`

const basicCluster = `apiVersion: aws-infra-operator.runner.codes/v1alpha1
kind: ECSCluster
metadata: {name: main}
spec:
  providerRef: {name: aws}
  clusterName: my-fargate-cluster
  settings: [{name: containerInsights, value: enabled}]
  tags: {Name: fargate-cluster, Environment: production}`
