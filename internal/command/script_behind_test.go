package command_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

// behind changes the script's modelled AWS behind berth's back, as somebody
// with the console does: behind EDIT ARG.
func behind(ts *testscript.TestScript, neg bool, args []string) {
	edits := map[string]func(ctx context.Context, cfg aws.Config, arg string) error{
		"create-cluster": createCluster, "delete-service": deleteService, "delete-listener": deleteListener,
	}
	if neg || len(args) != 2 || edits[args[0]] == nil {
		ts.Fatalf("usage: behind create-cluster|delete-service|delete-listener ARG")
	}
	path := ts.MkAbs(".berth/sandbox.json")
	opt := sandbox.Options{Clock: clock.NewFast(time.Now(), 1000)}
	w, err := sandbox.Load(path, opt)
	if errors.Is(err, fs.ErrNotExist) {
		w, err = sandbox.New(opt)
	}
	ts.Check(err)
	ctx, edit := context.Background(), edits[args[0]]
	if err = edit(ctx, w.Config(), args[1]); err != nil { // a new account's first cluster needs a second try
		ts.Check(w.Clock().Sleep(ctx, 20*time.Second))
		err = edit(ctx, w.Config(), args[1])
	}
	ts.Check(err)
	ts.Check(w.Save(path))
}

func createCluster(ctx context.Context, cfg aws.Config, name string) error {
	_, err := ecs.NewFromConfig(cfg).CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: aws.String(name)})
	return err
}

// deleteService deletes the service whose name begins with name, tasks and all.
func deleteService(ctx context.Context, cfg aws.Config, name string) error {
	api := ecs.NewFromConfig(cfg)
	clusters, err := api.ListClusters(ctx, &ecs.ListClustersInput{})
	if err != nil {
		return err
	}
	for _, cluster := range clusters.ClusterArns {
		services, err := api.ListServices(ctx, &ecs.ListServicesInput{Cluster: aws.String(cluster)})
		if err != nil {
			return err
		}
		for _, arn := range services.ServiceArns {
			if !strings.HasPrefix(arn[strings.LastIndex(arn, "/")+1:], name+"-") {
				continue
			}
			_, err := api.DeleteService(ctx, &ecs.DeleteServiceInput{
				Cluster: aws.String(cluster), Service: aws.String(arn), Force: aws.Bool(true)})
			return err
		}
	}
	return fmt.Errorf("no service %s", name)
}

func deleteListener(ctx context.Context, cfg aws.Config, port string) error {
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	api := elb.NewFromConfig(cfg)
	balancers, err := api.DescribeLoadBalancers(ctx, &elb.DescribeLoadBalancersInput{})
	if err != nil {
		return err
	}
	for _, b := range balancers.LoadBalancers {
		listeners, err := api.DescribeListeners(ctx, &elb.DescribeListenersInput{LoadBalancerArn: b.LoadBalancerArn})
		if err != nil {
			return err
		}
		for _, l := range listeners.Listeners {
			if int(aws.ToInt32(l.Port)) == number {
				_, err := api.DeleteListener(ctx, &elb.DeleteListenerInput{ListenerArn: l.ListenerArn})
				return err
			}
		}
	}
	return fmt.Errorf("no listener on port %s", port)
}
