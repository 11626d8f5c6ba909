package command_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

// inWorld changes the sandbox of a script's folder as somebody else would.
func inWorld(ts *testscript.TestScript, f func(w *sandbox.World, api *route53.Client)) {
	path := filepath.Join(ts.MkAbs(".berth"), "sandbox.json")
	opt := sandbox.Options{Clock: clock.NewFast(time.Now(), 1000), Seed: 1, Region: "eu-central-1"}
	w, err := sandbox.Load(path, opt)
	if errors.Is(err, fs.ErrNotExist) {
		w, err = sandbox.New(opt)
	}
	ts.Check(err)
	f(w, route53.NewFromConfig(w.Config()))
	ts.Check(w.Clock().Sleep(context.Background(), 20*time.Second)) // until AWS shows it
	ts.Check(w.Save(path))
}

// zone makes a public zone that is not berth's: zone NAME.
func zone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: zone NAME")
	}
	inWorld(ts, func(_ *sandbox.World, api *route53.Client) {
		_, err := api.CreateHostedZone(context.Background(), &route53.CreateHostedZoneInput{
			Name: &args[0], CallerReference: aws.String("script " + args[0]),
		})
		ts.Check(err)
	})
}

// record makes, or with ! deletes, a record that is not berth's: record ZONE
// NAME TYPE VALUE.
func record(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: record ZONE NAME TYPE VALUE")
	}
	action := types.ChangeActionCreate
	if neg {
		action = types.ChangeActionDelete
	}
	inWorld(ts, func(w *sandbox.World, api *route53.Client) {
		_, err := api.ChangeResourceRecordSets(context.Background(), &route53.ChangeResourceRecordSetsInput{
			HostedZoneId: aws.String(w.Zones()[args[0]]),
			ChangeBatch: &types.ChangeBatch{Changes: []types.Change{{Action: action, ResourceRecordSet: &types.ResourceRecordSet{
				Name: &args[1], Type: types.RRType(args[2]), TTL: aws.Int64(300),
				ResourceRecords: []types.ResourceRecord{{Value: &args[3]}},
			}}}},
		})
		ts.Check(err)
	})
}

// records writes the records of a zone into a file, a line each, without the
// zone's own: records ZONE FILE.
func records(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: records ZONE FILE")
	}
	var lines []string
	inWorld(ts, func(w *sandbox.World, api *route53.Client) {
		out, err := api.ListResourceRecordSets(context.Background(), &route53.ListResourceRecordSetsInput{
			HostedZoneId: aws.String(w.Zones()[args[0]]),
		})
		ts.Check(err)
		for _, s := range out.ResourceRecordSets {
			if s.Type == types.RRTypeNs || s.Type == types.RRTypeSoa {
				continue
			}
			words := []string{aws.ToString(s.Name), string(s.Type)}
			for _, v := range s.ResourceRecords {
				words = append(words, aws.ToString(v.Value))
			}
			if s.AliasTarget != nil {
				words = append(words, "alias", aws.ToString(s.AliasTarget.DNSName))
			}
			lines = append(lines, strings.Join(words, " ")+"\n")
		}
	})
	slices.Sort(lines)
	ts.Check(writeFile(ts.MkAbs(args[1]), strings.Join(lines, "")))
}

// stopTasks stops all tasks, as AWS does when it replaces a host, and waits
// until others run: stop-tasks.
func stopTasks(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: stop-tasks")
	}
	inWorld(ts, func(w *sandbox.World, _ *route53.Client) {
		ctx, api := context.Background(), ecs.NewFromConfig(w.Config())
		clusters, err := api.ListClusters(ctx, &ecs.ListClustersInput{})
		ts.Check(err)
		for _, cluster := range clusters.ClusterArns {
			tasks, err := api.ListTasks(ctx, &ecs.ListTasksInput{Cluster: &cluster})
			ts.Check(err)
			for _, task := range tasks.TaskArns {
				_, err := api.StopTask(ctx, &ecs.StopTaskInput{Cluster: &cluster, Task: &task})
				ts.Check(err)
			}
		}
		ts.Check(w.Clock().Sleep(ctx, 3*time.Minute))
	})
}

// cloudflareZone makes a zone at Cloudflare: cloudflare-zone NAME.
func cloudflareZone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: cloudflare-zone NAME")
	}
	inWorld(ts, func(w *sandbox.World, _ *route53.Client) { w.Cloudflare().AddZone(args[0]) })
}

// cloudflareRecords writes the records of a zone at Cloudflare into a file:
// cloudflare-records ZONE FILE.
func cloudflareRecords(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cloudflare-records ZONE FILE")
	}
	inWorld(ts, func(w *sandbox.World, _ *route53.Client) {
		text := strings.Join(w.Cloudflare().Records(args[0]), "\n")
		ts.Check(writeFile(ts.MkAbs(args[1]), text))
	})
}

// cloudflareToken says what the token at Cloudflare may do: cloudflare-token
// [no-zones] [ACCOUNT...].
func cloudflareToken(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: cloudflare-token [no-zones] [ACCOUNT...]")
	}
	inWorld(ts, func(w *sandbox.World, _ *route53.Client) {
		if len(args) > 0 && args[0] == "no-zones" {
			w.Cloudflare().SetToken(args[1:], false)
			return
		}
		w.Cloudflare().SetToken(args, true)
	})
}

// cloudflareRecord makes an A record at Cloudflare that is not berth's, or takes
// it out with !: cloudflare-record ZONE NAME ADDRESS.
func cloudflareRecord(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: cloudflare-record ZONE NAME ADDRESS")
	}
	inWorld(ts, func(w *sandbox.World, _ *route53.Client) {
		if neg {
			w.Cloudflare().DropRecord(args[0], args[1])
			return
		}
		w.Cloudflare().AddRecord(args[0], args[1], args[2])
	})
}
