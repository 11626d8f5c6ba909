package deploy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
	"github.com/berthdev/berth/test/bed"
)

// What somebody else has put under berth's paths and names is named and left,
// by the plan and by the teardown that deletes data.
func TestDownLeavesWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	a := bed.App(t, alone)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		b.SetSecret(t, a.Environment, "OWN", "value")
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		path := "/berth/" + a.Environment
		logs, params := cloudwatchlogs.NewFromConfig(b.World.Config()), ssm.NewFromConfig(b.World.Config())
		copied := map[string]string{engine.TagOwner: "stack/other-dev/other", engine.TagAddress: "logs.log-group/x"}
		for name, tags := range map[string]map[string]string{"/unmarked": nil, "/others": copied} {
			_, err := logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{
				LogGroupName: aws.String(path + "/" + a.Name + name), Tags: tags,
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"/FOREIGN", "/" + a.Name + "/foreign"} {
			_, err := params.PutParameter(t.Context(), &ssm.PutParameterInput{
				Name: aws.String(path + name), Value: aws.String("v"), Type: ssmtypes.ParameterTypeString,
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		repository := naming.Name(p.Stack(), b.World.Region(), "foreign", 100)
		if _, err := ecr.NewFromConfig(b.World.Config()).CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: &repository}); err != nil {
			t.Fatal(err)
		}
		foreign := []string{
			path + "/" + a.Name + "/unmarked", path + "/" + a.Name + "/others", path + "/FOREIGN", path + "/" + a.Name + "/foreign", repository,
		}

		time.Sleep(15 * time.Second) // until lists show it
		req := deploy.Request{Down: true, DeleteData: true}
		plan := req
		plan.ReadOnly = true
		shown, err := p.Plan(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range foreign {
			if !slices.ContainsFunc(shown.Actions, func(x *engine.Action) bool {
				return x.ID == id && x.Verb == engine.VerbLeave && x.Foreign()
			}) {
				t.Errorf("the plan does not say that it leaves %s:\n%s", id, shown.Plan)
			}
		}
		mustRun(t, b, a, req)
		left := strings.Join(b.World.Leftovers(), "\n")
		for _, id := range foreign {
			if !strings.Contains(left, id) {
				t.Errorf("%s is gone; left are\n%s", id, left)
			}
		}
		for _, own := range []string{path + "/" + a.Name + "/web", path + "/OWN"} {
			if strings.Contains(left, own) {
				t.Errorf("%s is left:\n%s", own, left)
			}
		}
	})
}
