package images

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

// bucketUploads puts uploads into a bucket of the sandbox.
type bucketUploads struct {
	api  *s3.Client
	gone *discarded
}

func (u bucketUploads) Upload(ctx context.Context, name string, body io.ReaderAt, size int64) (string, error) {
	_, err := u.api.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("uploads"), Key: aws.String(name), Body: io.NewSectionReader(body, 0, size)})
	return "uploads/" + name, err
}

func (u bucketUploads) Discard(_ context.Context, name string) error {
	u.gone.mu.Lock()
	defer u.gone.mu.Unlock()
	u.gone.names = append(u.gone.names, name)
	return nil
}

// discarded are the uploads that were deleted.
type discarded struct {
	mu    sync.Mutex
	names []string
}

// account is a sandbox with a project, a role, a repository and a bucket.
type account struct {
	world   *sandbox.World
	builder CodeBuild
	images  *sdk.Client
	gone    discarded
}

func newAccount(t *testing.T, source *Source, policy string) *account {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1})
	must(t, err)
	cfg := w.Config()
	ctx := t.Context()
	_, err = s3.NewFromConfig(cfg).CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket:                    aws.String("uploads"),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-central-1"},
	})
	must(t, err)
	roles := iam.NewFromConfig(cfg)
	role, err := roles.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName:                 aws.String("builds"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	must(t, err)
	_, err = roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("builds"), PolicyName: aws.String("p"), PolicyDocument: &policy})
	must(t, err)
	time.Sleep(time.Minute) // the role can be assumed
	_, err = cloudwatchlogs.NewFromConfig(cfg).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("builds")})
	must(t, err)
	builds := codebuild.NewFromConfig(cfg)
	_, err = builds.CreateProject(ctx, &codebuild.CreateProjectInput{
		Name: aws.String("builds"), ServiceRole: role.Role.Arn, Artifacts: &types.ProjectArtifacts{Type: types.ArtifactsTypeNoArtifacts},
		Source:      &types.ProjectSource{Type: types.SourceTypeS3, Location: aws.String("uploads/none.zip")},
		Environment: &types.ProjectEnvironment{Type: types.EnvironmentTypeLinuxContainer, Image: aws.String("x"), ComputeType: types.ComputeTypeBuildGeneral1Small},
		LogsConfig:  &types.LogsConfig{CloudWatchLogs: &types.CloudWatchLogsConfig{Status: types.LogsConfigStatusTypeEnabled, GroupName: aws.String("builds")}},
	})
	must(t, err)
	registry := sdk.NewFromConfig(cfg)
	_, err = registry.CreateRepository(ctx, &sdk.CreateRepositoryInput{RepositoryName: aws.String("berth/shop")})
	must(t, err)
	a := &account{world: w, images: registry}
	n := 0
	a.builder = CodeBuild{
		API: builds, Logs: cloudwatchlogs.NewFromConfig(cfg), Uploads: bucketUploads{s3.NewFromConfig(cfg), &a.gone},
		Source: source, Clock: w.Clock(), Nonce: func() string { n++; return strings.Repeat("n", n) },
	}
	return a
}

const (
	mayAll  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","ecr:*","logs:*"],"Resource":"*"}]}`
	mayRead = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","logs:*"],"Resource":"*"}]}`
)

// plainShop is a project with one build, in a folder.
func plainShop(t *testing.T, dockerfile string) (*app.App, *Source) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "web/Dockerfile"), dockerfile)
	write(t, filepath.Join(dir, "web/run.sh"), "#!/bin/sh")
	must(t, os.Chmod(filepath.Join(dir, "web/run.sh"), 0o755))
	must(t, os.Symlink("run.sh", filepath.Join(dir, "web/link")))
	a := load(t, dir, "name: shop\nservices: {web: {build: ./web, expose: ['1']}}\n")
	return a, NewSource(a, nil)
}

func builds(w *sandbox.World) int {
	n := 0
	for _, c := range w.Calls() {
		if c.Operation == "StartBuild" {
			n++
		}
	}
	return n
}

func TestCodeBuildBuilds(t *testing.T) {
	t.Parallel()
	a, source := plainShop(t, "FROM nginx")
	synctest.Test(t, func(t *testing.T) {
		acct := newAccount(t, source, mayAll)
		o := order(a, "web")
		o.Project = "builds"
		began := time.Now()
		must(t, acct.builder.Build(t.Context(), o))
		if took := time.Since(began); took < sandbox.CodeBuildDone.In(sandbox.Typical) || took > sandbox.CodeBuildDone.In(sandbox.Typical)+5*time.Second {
			t.Errorf("the build took %s", took)
		}
		got, err := acct.images.DescribeImages(t.Context(), &sdk.DescribeImagesInput{RepositoryName: aws.String("berth/shop")})
		must(t, err)
		if len(got.ImageDetails) != 1 || !slices.Contains(got.ImageDetails[0].ImageTags, o.Tag) {
			t.Errorf("images %v", got.ImageDetails)
		}
		if want := []string{"berth/shop/" + o.Tag + ".zip"}; !slices.Equal(acct.gone.names, want) {
			t.Errorf("discarded %v, want %v", acct.gone.names, want)
		}
	})
}

func TestAnotherRunsBuildIsWaitedFor(t *testing.T) {
	t.Parallel()
	a, source := plainShop(t, "FROM nginx")
	synctest.Test(t, func(t *testing.T) {
		acct := newAccount(t, source, mayAll)
		o := order(a, "web")
		o.Project = "builds"
		first := make(chan error)
		go func() { first <- acct.builder.Build(t.Context(), o) }()
		time.Sleep(10 * time.Second)
		must(t, acct.builder.Build(t.Context(), o))
		must(t, <-first)
		if n := builds(acct.world); n != 1 {
			t.Errorf("%d builds were started, want 1", n)
		}
	})
}

func TestAFailedCodeBuildShowsItsLog(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, dockerfile, policy, want string }{
		{"the Dockerfile", "FROM sandbox/build-error", mayAll, "RUN sandbox/build-error"},
		{"no right to push", "FROM nginx", mayRead, "not authorized to perform: ecr:InitiateLayerUpload"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, source := plainShop(t, c.dockerfile)
			synctest.Test(t, func(t *testing.T) {
				acct := newAccount(t, source, c.policy)
				o := order(a, "web")
				o.Project = "builds"
				err := acct.builder.Build(t.Context(), o)
				var failed *FailedError
				if !errors.As(err, &failed) || !strings.Contains(strings.Join(failed.Output(), "\n"), c.want) {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

func TestAStoppedCodeBuildIsStoppedInTheAccount(t *testing.T) {
	t.Parallel()
	a, source := plainShop(t, "FROM nginx")
	synctest.Test(t, func(t *testing.T) {
		acct := newAccount(t, source, mayAll)
		o := order(a, "web")
		o.Project = "builds"
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if err := acct.builder.Build(ctx, o); err == nil {
			t.Error("it was built")
		}
		list, err := acct.builder.API.ListBuildsForProject(t.Context(), &codebuild.ListBuildsForProjectInput{ProjectName: aws.String("builds")})
		must(t, err)
		out, err := acct.builder.API.BatchGetBuilds(t.Context(), &codebuild.BatchGetBuildsInput{Ids: list.Ids})
		must(t, err)
		if out.Builds[0].BuildStatus != types.StatusTypeStopped {
			t.Errorf("the build is %s", out.Builds[0].BuildStatus)
		}
	})
}

func TestSecretsStayHere(t *testing.T) {
	t.Parallel()
	a, source := shop(t)
	err := CodeBuild{Source: source}.Build(t.Context(), ecr.Order{Build: a.BuildOf("web").Key(), Project: "builds"})
	var not *notInAccountError
	if !errors.As(err, &not) || !strings.Contains(not.Remedy(), "--builder local") {
		t.Errorf("error %v", err)
	}
}

func TestWhatIsUploadedKeepsRightsAndLinks(t *testing.T) {
	t.Parallel()
	a, _ := plainShop(t, "FROM nginx")
	var one, two bytes.Buffer
	must(t, pack(t.Context(), a.BuildOf("web"), &one))
	must(t, pack(t.Context(), a.BuildOf("web"), &two))
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("equal folders make different files")
	}
	z, err := zip.NewReader(bytes.NewReader(one.Bytes()), int64(one.Len()))
	must(t, err)
	packed, err := z.Open("context.tar.gz")
	must(t, err)
	unzipped, err := gzip.NewReader(packed)
	must(t, err)
	var got []string
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		must(t, err)
		got = append(got, h.FileInfo().Mode().String()+" "+h.Name+" "+h.Linkname)
	}
	want := []string{"-rw-r--r-- Dockerfile ", "Lrwxrwxrwx link run.sh", "-rwxr-xr-x run.sh "}
	if !slices.Equal(got, want) {
		t.Errorf("packed %q, want %q", got, want)
	}
}

func TestBuildspec(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := load(t, dir, `name: shop
services:
  web:
    build:
      context: ./it's
      args: {GREETING: "it's $$HOME"}
      additional_contexts: {proto: ./proto}
      platforms: [linux/amd64, linux/arm64]
    expose: ["1"]
`)
	text, err := NewSource(a, nil).buildspec(a.BuildOf("web"), order(a, "web"))
	must(t, err)
	for _, want := range []string{
		`mkdir -p 'context' \u0026\u0026 tar -xzf 'context'.tar.gz -C 'context'`, `'contexts/proto'`, `--password-stdin '123.dkr.ecr.eu-central-1.amazonaws.com'`,
		`'--build-arg=GREETING=it'\\''s $HOME'`, `'--build-context=proto=contexts/proto'`, `'--file=Dockerfile'`, `'--platform=linux/amd64,linux/arm64'`,
		`docker pull -q public.ecr.aws/eks-distro-build-tooling/binfmt-misc:`, `mode=max`, `'--push=true' 'context'`,
		`docker pull -q moby/buildkit:buildx-stable-1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}

// TestASimpleBuildPullsNoBuilder: for one platform Docker's own builder does, of
// which CodeBuild has both, so that no registry can refuse it for too many
// requests.
func TestASimpleBuildPullsNoBuilder(t *testing.T) {
	t.Parallel()
	for _, platform := range []string{"linux/amd64", "linux/arm64"} {
		a := load(t, t.TempDir(), "name: shop\nservices:\n  web:\n    platform: "+platform+"\n    build: {context: ./web, args: {NAME: x}}\n    expose: ['1']\n")
		text, err := NewSource(a, nil).buildspec(a.BuildOf("web"), order(a, "web"))
		must(t, err)
		want := `{
 "phases": {
  "build": {
   "commands": [
    "docker 'buildx' 'build' '--progress=plain' '--tag=123.dkr.ecr.eu-central-1.amazonaws.com/berth/shop:web.0123' '--platform=` + platform + `' '--file=Dockerfile' '--build-arg=NAME=x' '--tag=123.dkr.ecr.eu-central-1.amazonaws.com/berth/shop:cache-web' '--cache-from=type=registry,ref=123.dkr.ecr.eu-central-1.amazonaws.com/berth/shop:cache-web' '--cache-to=type=inline' '--provenance=false' '--sbom=false' '--push=true' 'context'"
   ]
  },
  "pre_build": {
   "commands": [
    "mkdir -p 'context' \u0026\u0026 tar -xzf 'context'.tar.gz -C 'context'",
    "aws ecr get-login-password --region \"$AWS_REGION\" | docker login --username AWS --password-stdin '123.dkr.ecr.eu-central-1.amazonaws.com'"
   ]
  }
 },
 "version": 0.2
}`
		if text != want {
			t.Errorf("the buildspec is\n%s\nwant\n%s", text, want)
		}
	}
}

// TestPullsAreRepeated runs the loop with a docker that refuses so many times.
func TestPullsAreRepeated(t *testing.T) {
	t.Parallel()
	for refusals, want := range map[string]string{"0": "pulled\n", "3": "5\n15\n45\npulled\n", "4": "5\n15\n45\n0\nfailed\n"} {
		script := "n=" + refusals + `
docker() { test $n = 0 && echo pulled && return; n=$((n-1)); return 1; }
sleep() { echo $1; }
` + pull("x") + " || echo failed"
		out, err := exec.CommandContext(t.Context(), "sh", "-c", script).CombinedOutput() //nolint:gosec // a script of this test
		if err != nil || string(out) != want {
			t.Errorf("after %s refusals: %q, %v, want %q", refusals, out, err, want)
		}
	}
}
