package command

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/berthdev/berth/internal/operator"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/modelled"
	"github.com/berthdev/berth/internal/sandbox"
)

// operatorFlags are the flags of the operator, beside its Options.
type operatorFlags struct {
	operator.Options
	kubeconfig string
	verbose    bool
}

func newOperator(g *globals) *cobra.Command {
	f := &operatorFlags{}
	c := &cobra.Command{
		Use:   "operator",
		Short: "Run as a Kubernetes operator: AWSProvider and ECSCluster objects",
		Long: `operator watches AWSProvider and ECSCluster objects and brings AWS to what they
say. In a pod it uses the pod's service account, elsewhere the kubeconfig. With
--sandbox it works on a modelled AWS in memory, for trying it out.

docs/operator.md tells how to install it, and how to take over from
infra-operator.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return g.operator(c.Context(), f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.MetricsAddress, "metrics-bind-address", ":8080", "serve metrics here; 0 serves none")
	flags.StringVar(&f.ProbeAddress, "health-probe-bind-address", ":8081", "serve /healthz and /readyz here; 0 serves none")
	flags.BoolVar(&f.LeaderElection, "leader-elect", false, "let one of several replicas work")
	flags.StringVar(&f.LeaderNamespace, "leader-elect-namespace", "", "namespace of the lease (default the pod's own)")
	flags.StringSliceVar(&f.Namespaces, "namespace", nil, "watch these namespaces only")
	flags.StringVar(&f.ClusterID, "cluster-id", "", "what tells this Kubernetes cluster from others in AWS's tags (default from kube-system's uid)")
	flags.DurationVar(&f.Resync, "resync", 5*time.Minute, "time between two looks at an idle object")
	flags.IntVar(&f.Workers, "workers", 128, "objects of a kind that are worked on at once")
	flags.BoolVar(&f.NoLimits, "no-rate-limits", false, "do not keep below AWS's rate limits: for emulators")
	flags.StringVar(&f.kubeconfig, "kubeconfig", "", "kubeconfig file (default KUBECONFIG, ~/.kube/config)")
	flags.BoolVar(&f.verbose, "verbose", false, "log what the libraries do, too")
	return c
}

func (g *globals) operator(ctx context.Context, f *operatorFlags) error {
	level := slog.LevelInfo
	if f.verbose || g.debug {
		level = slog.LevelDebug
	}
	f.Log = slog.NewJSONHandler(g.streams.Err, &slog.HandlerOptions{Level: level})
	f.Connector = account.NewAmazon(g.awsProfile)
	if g.sandbox {
		f.Connector = &modelled.Worlds{Options: sandbox.Options{Seed: 1, Latency: sandboxLatency, MaxLag: sandboxLag, Buckets: true}}
	}
	var err error
	if f.Kubernetes, err = kubernetes(f.kubeconfig); err != nil {
		return err
	}
	if err = operator.Run(ctx, f.Options); ctx.Err() == nil {
		return err
	}
	return nil // asked to stop
}

// kubernetes is the API server: the pod's own, else the kubeconfig's.
func kubernetes(path string) (*rest.Config, error) {
	if path == "" {
		if cfg, err := rest.InClusterConfig(); err == nil {
			return cfg, nil
		}
	}
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = path
	cfg, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, nil).ClientConfig()
	if err != nil {
		return nil, &remedyError{
			err:    fmt.Errorf("finding Kubernetes: %w", err),
			remedy: "run it in a pod, or pass --kubeconfig",
		}
	}
	return cfg, nil
}
