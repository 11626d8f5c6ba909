package operator

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	crmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// leaseName is infra-operator's: the two never work at the same time.
const leaseName = "infra-operator.aws-infra-operator.runner.codes"

// Options are what an operator runs with.
type Options struct {
	// Kubernetes is the API server; its rate limits are lifted.
	Kubernetes *rest.Config
	// Connector signs in to AWS.
	Connector account.Connector
	// Log takes what happens; nil discards it.
	Log slog.Handler
	// ClusterID identifies this Kubernetes cluster in AWS's tags; empty is the
	// beginning of the uid of its namespace kube-system.
	ClusterID string
	// Resync is the time between two checks of an idle object; 0 is 5 minutes.
	Resync time.Duration
	// Workers is how many objects of a kind are worked on at once; 0 is 128.
	// Most of them wait for AWS.
	Workers int
	// NoLimits takes no heed of AWS's rate limits: for emulators.
	NoLimits bool
	// Namespaces limits what is watched; none is all.
	Namespaces []string
	// LeaderElection lets one of several replicas work; LeaderNamespace is the
	// lease's namespace, by default the pod's own.
	LeaderElection  bool
	LeaderNamespace string
	// MetricsAddress and ProbeAddress are where metrics and probes are served;
	// "0" serves none.
	MetricsAddress, ProbeAddress string
	// Registry takes the metrics; nil is the one that MetricsAddress serves.
	Registry prometheus.Registerer
}

func (o Options) withDefaults() Options {
	o.Resync = cmp.Or(o.Resync, 5*time.Minute)
	o.Workers = cmp.Or(o.Workers, 128)
	o.MetricsAddress, o.ProbeAddress = cmp.Or(o.MetricsAddress, "0"), cmp.Or(o.ProbeAddress, "0")
	if o.Log == nil {
		o.Log = slog.DiscardHandler
	}
	if o.Registry == nil {
		o.Registry = crmetrics.Registry
	}
	return o
}

// Run works until ctx ends: then it lets calls in flight finish and gives the
// lease back.
func Run(ctx context.Context, o Options) error {
	o = o.withDefaults()
	logger := logr.FromSlogHandler(o.Log)
	crlog.SetLogger(logger)
	klog.SetLogger(logger)
	m, err := newManager(o, logger)
	if err != nil {
		return err
	}
	if o.ClusterID == "" {
		if o.ClusterID, err = clusterID(ctx, m.GetAPIReader()); err != nil {
			return err
		}
	}
	if err := install(ctx, m, o); err != nil {
		return err
	}
	if err := m.Start(ctx); err != nil {
		return fmt.Errorf("running the operator: %w", err)
	}
	return nil
}

// Scheme knows Kubernetes' own kinds and the operator's.
func Scheme() (*runtime.Scheme, error) {
	s := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(s); err != nil {
		return nil, fmt.Errorf("registering kinds: %w", err)
	}
	if err := v1alpha1.AddToScheme(s); err != nil {
		return nil, fmt.Errorf("registering kinds: %w", err)
	}
	return s, nil
}

func newManager(o Options, logger logr.Logger) (manager.Manager, error) {
	scheme, err := Scheme()
	if err != nil {
		return nil, err
	}
	api := rest.CopyConfig(o.Kubernetes)
	api.QPS = -1 // the API server's own fairness limits what is sent
	watched := cache.Options{DefaultTransform: cache.TransformStripManagedFields()}
	for _, ns := range o.Namespaces {
		if watched.DefaultNamespaces == nil {
			watched.DefaultNamespaces = map[string]cache.Config{}
		}
		watched.DefaultNamespaces[ns] = cache.Config{}
	}
	patience := 40 * time.Second
	m, err := manager.New(api, manager.Options{
		Scheme: scheme, Logger: logger, Cache: watched,
		// Secrets and namespaces are read one by one: a cache would watch all.
		Client:         client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}, &corev1.Namespace{}}}},
		LeaderElection: o.LeaderElection, LeaderElectionID: leaseName, LeaderElectionNamespace: o.LeaderNamespace,
		LeaderElectionReleaseOnCancel: true, GracefulShutdownTimeout: &patience,
		Metrics: metricsserver.Options{BindAddress: o.MetricsAddress}, HealthProbeBindAddress: o.ProbeAddress,
	})
	if err != nil {
		return nil, fmt.Errorf("connecting to Kubernetes: %w", err)
	}
	return m, nil
}

// clusterID is the beginning of the uid of kube-system, which lives as long as
// the Kubernetes cluster.
func clusterID(ctx context.Context, r client.Reader) (string, error) {
	var ns corev1.Namespace
	if err := r.Get(ctx, types.NamespacedName{Name: "kube-system"}, &ns); err != nil {
		return "", fmt.Errorf("reading namespace kube-system, whose uid identifies this Kubernetes cluster (or pass --cluster-id): %w", err)
	}
	return fmt.Sprintf("%.8s", ns.UID), nil
}

// install puts the controllers into the manager.
func install(ctx context.Context, m manager.Manager, o Options) error {
	metrics, err := newMetrics(o.Registry)
	if err != nil {
		return err
	}
	host, _ := os.Hostname() // an empty one does no harm
	wall := clock.Wall{}
	log := slog.New(o.Log)
	events := newReporter(m.GetClient(), wall, cmp.Or(host, component))
	doors := &providers{
		client: m.GetClient(), object: m.GetAPIReader(), clock: wall, known: map[types.UID]signed{},
		accounts: account.New(o.Connector, wall, metrics.observe),
	}
	doors.accounts.NoLimits = o.NoLimits
	remember := newMemory(wall.Now())
	begin := manager.RunnableFunc(func(context.Context) error { remember.begin(wall.Now()); return nil })
	if err := m.Add(begin); err != nil {
		return fmt.Errorf("starting: %w", err)
	}
	if err := m.GetFieldIndexer().IndexField(ctx, &v1alpha1.ECSCluster{}, providerIndex, providerOf); err != nil {
		return fmt.Errorf("indexing ECSClusters: %w", err)
	}
	for _, probe := range []func(string, healthz.Checker) error{m.AddHealthzCheck, m.AddReadyzCheck} {
		if err := probe("ping", func(*http.Request) error { return nil }); err != nil {
			return fmt.Errorf("serving probes: %w", err)
		}
	}
	unnamed := true // several operators may run in one process, in tests
	options := controller.Options{MaxConcurrentReconciles: o.Workers, SkipNameValidation: &unnamed}
	err = builder.ControllerManagedBy(m).
		For(&v1alpha1.AWSProvider{}, builder.WithPredicates(asked())).
		Watches(&v1alpha1.ECSCluster{}, handler.EnqueueRequestsFromMapFunc(providersOf), builder.WithPredicates(onlyDeleted())).
		WithOptions(options).
		Complete(&providerControl{
			client: m.GetClient(), providers: doors, events: events, metrics: metrics, clock: wall,
			log: log, random: rand.Float64, resync: o.Resync,
		})
	if err != nil {
		return fmt.Errorf("starting the controller of AWSProviders: %w", err)
	}
	err = builder.ControllerManagedBy(m).
		For(&v1alpha1.ECSCluster{}, builder.WithPredicates(asked())).
		Watches(&v1alpha1.AWSProvider{}, handler.EnqueueRequestsFromMapFunc(usersOf(m.GetClient())), builder.WithPredicates(providerTurned())).
		WithOptions(options).
		Complete(&clusters{
			client: m.GetClient(), providers: doors, events: events, metrics: metrics, memory: remember, clock: wall,
			log: log, random: rand.Float64, clusterID: o.ClusterID, resync: o.Resync,
		})
	if err != nil {
		return fmt.Errorf("starting the controller of ECSClusters: %w", err)
	}
	return nil
}
