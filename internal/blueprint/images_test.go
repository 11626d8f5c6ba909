package blueprint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/codebuild"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/iam"
)

// built is the shop with an image that api and migrate share.
func built() *app.App {
	a := shop()
	b := &app.Build{Context: "./api", Dockerfile: "Dockerfile", Platforms: []string{"linux/amd64"}}
	for i := range a.Services {
		if a.Services[i].Name == "api" {
			a.Services[i].Build = b
		}
	}
	for i := range a.Jobs {
		a.Jobs[i].Build = b
	}
	return a
}

func TestOneImageForAllWhoShareABuild(t *testing.T) {
	t.Parallel()
	a, f := built(), facts()
	f.Images = map[string]string{a.BuildOf("api").Key(): "0123"}
	g, err := Build(a, f)
	if err != nil {
		t.Fatal(err)
	}
	image := find[ecr.Image](t, g, "ecr.image/api")
	if image.Tag != "api.0123" {
		t.Errorf("tag %s", image.Tag)
	}
	for _, name := range []string{"ecs.task-definition/api", "ecs.task-definition/migrate"} {
		if got := find[ecs.TaskDefinition](t, g, name).Containers[0].Image.String(); got != "(ecr.image/api.uri)" {
			t.Errorf("%s runs %s", name, got)
		}
	}
	// A build starts at once: it waits for the repository only.
	if diff := cmp.Diff([]string{"ecr.repository/images"}, before(t, g, "ecr.image/api")); diff != "" {
		t.Errorf("the image waits for (-want +got):\n%s", diff)
	}
	if role := find[iam.Role](t, g, "iam.role/execution"); !strings.Contains(role.Inline["execution"], ":repository/"+image.Name) {
		t.Error("the execution role may not pull the image")
	}
}

// A job runs again if its image changes, or that of a workload that depends on it.
func TestAnotherImageRunsAJobAgain(t *testing.T) {
	t.Parallel()
	trigger := func(digest string) string {
		a, f := built(), facts()
		f.Images = map[string]string{a.BuildOf("api").Key(): digest}
		g, err := Build(a, f)
		if err != nil {
			t.Fatal(err)
		}
		return find[ecs.Job](t, g, "ecs.job/migrate").Trigger
	}
	if trigger("0123") == trigger("4567") {
		t.Error("the trigger is the same for another image")
	}
}

func TestBuildsInTheAccountMayOnlyDoWhatTheyNeed(t *testing.T) {
	t.Parallel()
	a, f := built(), facts()
	f.BuildsInAccount = true
	g, err := Build(a, f)
	if err != nil {
		t.Fatal(err)
	}
	project := find[codebuild.Project](t, g, "codebuild.project/_builds")
	if project.LogGroup != "/berth/shop-dev/shop/_builds" || project.Role.String() != "(iam.role/_builds.arn)" {
		t.Errorf("project %+v", project)
	}
	role := find[iam.Role](t, g, "iam.role/_builds")
	if len(role.Managed) > 0 || role.Service != "codebuild.amazonaws.com" {
		t.Errorf("role %+v", role)
	}
	const anything = `"Resource":["*"]`
	if text := role.Inline["builds"]; strings.Count(text, anything) != 1 || !strings.Contains(text, `"Action":["ecr:GetAuthorizationToken"],`+anything) {
		t.Errorf("the policy allows more than a password for all repositories: %s", text)
	}
	if image := find[ecr.Image](t, g, "ecr.image/api"); image.Project.String() != "(codebuild.project/_builds.id)" {
		t.Errorf("the image is built in %s", image.Project)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		build app.Build
		want  string
	}{
		{app.Build{Context: ".", Dockerfile: "Dockerfile"}, "image"},
		{app.Build{Context: "./web", Dockerfile: "Dockerfile"}, "web"},
		{app.Build{Context: "./Web_App/x", Dockerfile: "Dockerfile.prod", Target: "run"}, "web-app-x-run-dockerfile-prod"},
		{app.Build{Context: "./cache-warmer", Dockerfile: "Dockerfile"}, "x-cache-warmer"},
		{app.Build{Context: "https://github.com/a/b.git#v1", Dockerfile: "Dockerfile"}, "https-github-com-a-b-git-v1"},
		{app.Build{Context: "./" + strings.Repeat("long/", 40), Dockerfile: "Dockerfile"}, strings.Repeat("long-", 11) + "long"},
	} {
		if got := group(&c.build); got != c.want {
			t.Errorf("group of %s is %s, want %s", c.build.Context, got, c.want)
		}
	}
}

func TestBuildsInACircleAreAnError(t *testing.T) {
	t.Parallel()
	a := built()
	b := a.BuildOf("api")
	b.Contexts = map[string]app.BuildContext{"self": {Service: "api", Shown: "service:api"}}
	if _, err := Build(a, facts()); err == nil {
		t.Error("Build accepted an image that is made from itself")
	}
}
