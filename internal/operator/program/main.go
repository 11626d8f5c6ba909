package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/operator"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/modelled"
	"github.com/berthdev/berth/internal/sandbox"
)

// The modelled AWS of --sandbox, by the wall clock.
const (
	sandboxLatency = 60 * time.Millisecond
	sandboxLag     = 3 * time.Second
)

// settings are the flags, beside the operator's Options.
type settings struct {
	operator.Options
	kubeconfig string
	awsProfile string
	sandbox    bool
	verbose    bool
	debug      bool
}

// Main runs the operator until it is asked to stop and returns the exit code.
// Help goes to out; the log, which is JSON, and errors go to talk.
func Main(args []string, out, talk io.Writer, version string) int {
	ctx, stop := interrupt.Context(func() { _, _ = fmt.Fprintln(talk, "\n"+interrupt.Text) })
	defer stop()
	c := newCommand(talk)
	// No template for it: with text/template the linker keeps every method of
	// Kubernetes' API types, 94 MB of them.
	c.Version = fmt.Sprintf("%s (%s, %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	c.SetArgs(args)
	c.SetOut(out)
	c.SetErr(talk)
	err := c.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintln(talk, "error: "+gate.Text(err))
	var with interface{ Remedy() string }
	if errors.As(err, &with) {
		_, _ = fmt.Fprintln(talk, "  "+with.Remedy())
	}
	return 1
}

func newCommand(log io.Writer) *cobra.Command {
	s := &settings{}
	c := &cobra.Command{
		Use:   "berth-operator",
		Short: "Run as a Kubernetes operator: AWSProvider and ECSCluster objects",
		Long: `berth-operator, or "berth operator", watches AWSProvider and ECSCluster objects
and makes AWS match them. In a pod it uses the pod's service account,
elsewhere the kubeconfig. With --sandbox it works on a modelled AWS in memory,
for trying it out.

docs/operator.md describes how to install it, and how to take over from
infra-operator.`,
		Args:         cobra.NoArgs,
		SilenceUsage: true, SilenceErrors: true,
		RunE: func(c *cobra.Command, _ []string) error { return s.run(c.Context(), log) },
	}
	s.register(c)
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &remedyError{err: err, remedy: fmt.Sprintf("`%s --help` lists the flags", c.CommandPath())}
	})
	return c
}

func (s *settings) register(c *cobra.Command) {
	modelled, _ := strconv.ParseBool(os.Getenv("BERTH_SANDBOX"))
	f := c.Flags()
	f.StringVar(&s.MetricsAddress, "metrics-bind-address", ":8080", "serve metrics here; 0 serves none")
	f.StringVar(&s.ProbeAddress, "health-probe-bind-address", ":8081", "serve /healthz and /readyz here; 0 serves none")
	f.BoolVar(&s.LeaderElection, "leader-elect", false, "of several replicas, let only one work at a time")
	f.StringVar(&s.LeaderNamespace, "leader-elect-namespace", "", "namespace of the lease (default the pod's own)")
	f.StringSliceVar(&s.Namespaces, "namespace", nil, "watch these namespaces only")
	f.StringVar(&s.ClusterID, "cluster-id", "", "identifies this Kubernetes cluster in AWS's tags (default from kube-system's uid)")
	f.DurationVar(&s.Resync, "resync", 5*time.Minute, "time between two checks of an idle object")
	f.IntVar(&s.Workers, "workers", 128, "number of objects of one kind to work on at once")
	f.BoolVar(&s.NoLimits, "no-rate-limits", false, "do not keep AWS's rate limits: for emulators")
	f.StringVar(&s.kubeconfig, "kubeconfig", "", "kubeconfig file (default KUBECONFIG, ~/.kube/config)")
	f.StringVar(&s.awsProfile, "aws-profile", "", "profile of the AWS configuration")
	f.BoolVar(&s.sandbox, "sandbox", modelled, "work on a modelled AWS in memory (BERTH_SANDBOX=1)")
	f.BoolVar(&s.verbose, "verbose", false, "log what the libraries do, too")
	f.BoolVar(&s.debug, "debug", false, "the same as --verbose")
}

func (s *settings) run(ctx context.Context, log io.Writer) error {
	level := slog.LevelInfo
	if s.verbose || s.debug {
		level = slog.LevelDebug
	}
	s.Log = slog.NewJSONHandler(log, &slog.HandlerOptions{Level: level})
	s.Connector = account.NewAmazon(s.awsProfile)
	if s.sandbox {
		s.Connector = &modelled.Worlds{Options: sandbox.Options{Seed: 1, Latency: sandboxLatency, MaxLag: sandboxLag, Buckets: true}}
	}
	var err error
	if s.Kubernetes, err = kubernetes(s.kubeconfig); err != nil {
		return err
	}
	if err = operator.Run(ctx, s.Options); ctx.Err() == nil {
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

// remedyError is an error with what to do about it.
type remedyError struct {
	err    error
	remedy string
}

func (e *remedyError) Error() string  { return e.err.Error() }
func (e *remedyError) Unwrap() error  { return e.err }
func (e *remedyError) Remedy() string { return e.remedy }
