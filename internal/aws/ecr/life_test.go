package ecr_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds(nil),
		Life:  life,
		Ground: func(*testing.T, aws.Config, clock.Clock) []*engine.Graph {
			return []*engine.Graph{desired(true, nil, "web.1"), desired(false, map[string]string{"team": "a"}, "web.1", "api.1"), desired(false, nil, "web.2", "api.1")}
		},
	})
}

// pusher pushes a made-up image after a while and counts.
type pusher struct {
	api    *sdk.Client
	builds *atomic.Int64
}

func (p pusher) Build(ctx context.Context, o ecr.Order) error {
	if p.builds != nil {
		p.builds.Add(1)
	}
	if err := (clock.Wall{}).Sleep(ctx, 10*time.Millisecond); err != nil {
		return err
	}
	manifest := fmt.Sprintf(`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"digest":%q,"size":2},"layers":[]}`, o.Tag)
	_, err := p.api.PutImage(ctx, &sdk.PutImageInput{
		RepositoryName: aws.String(o.Name), ImageTag: aws.String(o.Tag), ImageManifest: aws.String(manifest),
		ImageManifestMediaType: aws.String("application/vnd.oci.image.manifest.v1+json"),
	})
	var there *types.ImageAlreadyExistsException
	if isA(err, &there) {
		return nil
	}
	return err
}

func (pusher) Typical() time.Duration { return time.Second }

func kinds(builds *atomic.Int64) func(aws.Config) []engine.AnyType {
	return func(cfg aws.Config) []engine.AnyType {
		api := sdk.NewFromConfig(cfg)
		repositories := ecr.Repositories{
			API: api, Tagging: resourcegroupstaggingapi.NewFromConfig(cfg),
			Account: "123456789012", Region: cfg.Region, Partition: "aws",
		}
		return []engine.AnyType{
			engine.Erase(repositories),
			engine.Erase(ecr.Images{Repositories: repositories, Builder: pusher{api, builds}}),
		}
	}
}

// name is what the blueprint calls the repository; its mark tells the owner.
func name(region string) string { return "berth/" + naming.Name(typetest.Stack, region, "shop", 100) }

func desired(scan bool, labels map[string]string, tags ...string) *engine.Graph {
	g := engine.NewGraph()
	region := "eu-central-1"
	r := ecr.Repository{Name: name(region), ScanOnPush: scan, Movable: []string{"cache-*"}, Keep: map[string]int{}, Images: tags}
	for _, tag := range tags {
		r.Keep[tag[:3]] = 20
	}
	repository := g.Add(typetest.Stack, "images", r).Label(labels)
	for _, tag := range tags {
		g.Add(typetest.Stack, tag[:3], ecr.Image{Repository: repository.Output("uri"), Name: r.Name, Tag: tag, Build: tag[:3]})
	}
	return g
}

// life takes a repository with its images through its whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	var builds atomic.Int64
	cfg.Region = "eu-central-1"
	api := sdk.NewFromConfig(cfg)
	d := typetest.New(t, cfg, c, kinds(&builds))
	first := desired(true, map[string]string{"team": "a"}, "web.1", "api.1")
	d.Up(first, false)
	if builds.Load() != 2 {
		t.Errorf("%d builds, want 2", builds.Load())
	}
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 2 {
		t.Errorf("a shallow reading took %d calls, want 2", got)
	}
	d.MustPlan("", first, true)
	if err := d.Blind(first, nil); err != nil {
		t.Error(err)
	}
	if builds.Load() != 2 {
		t.Errorf("%d builds after a blind run, want 2", builds.Load())
	}

	// moto takes a scan_on_push that is not sent, as the SDK leaves false out, for
	// no change; AWS takes it for false.
	second := desired(cfg.BaseEndpoint != nil, nil, "web.2", "api.1", "job.1")
	d.Up(second, false)
	d.MustPlan("", second, true)
	if builds.Load() != 4 {
		t.Errorf("%d builds after a change of one and a new one, want 4", builds.Load())
	}

	_, err := api.PutImageTagMutability(t.Context(), &sdk.PutImageTagMutabilityInput{
		RepositoryName: aws.String(name(cfg.Region)), ImageTagMutability: types.ImageTagMutabilityMutable,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.PutLifecyclePolicy(t.Context(), &sdk.PutLifecyclePolicyInput{
		RepositoryName: aws.String(name(cfg.Region)), LifecyclePolicyText: aws.String(
			`{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update ecr.repository/images (movable[] changed outside berth, keep.(other rules) changed outside berth, "+
		"keep.api changed outside berth, keep.job changed outside berth, keep.web changed outside berth)", second, true)
	d.Up(second, true)
	d.MustPlan("", second, true)
	d.Down()
}
