package secrets_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func secure(name, value string) *ssm.PutParameterInput {
	return &ssm.PutParameterInput{Name: &name, Value: &value, Type: types.ParameterTypeSecureString}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sandbox.json")
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{MaxLag: 10 * time.Second})
		c := ssm.NewFromConfig(w.Config())
		sandboxtest.Ask(t, c.PutParameter, secure("/a/b", "one"))
		_, err := c.PutParameter(t.Context(), secure("/a/b", "two"))
		sandboxtest.WantCode(t, err, "ParameterAlreadyExists")
		_, err = c.PutParameter(t.Context(), secure("/a/c", strings.Repeat("x", 4097)))
		sandboxtest.WantCode(t, err, "ValidationException")
		large := secure("/a/c", strings.Repeat("x", 4097))
		large.Tier = types.ParameterTierIntelligentTiering
		if got := sandboxtest.Ask(t, c.PutParameter, large).Tier; got != types.ParameterTierAdvanced {
			t.Errorf("a value of 4097 bytes is in tier %s", got)
		}
		large.Name, large.Value = aws.String("/a/d"), aws.String(strings.Repeat("x", 8193))
		_, err = c.PutParameter(t.Context(), large)
		sandboxtest.WantCode(t, err, "ValidationException")
		over := secure("/a/b", "two")
		over.Overwrite = aws.Bool(true)
		for range 3 {
			sandboxtest.Ask(t, c.PutParameter, over)
		}
		plain := sandboxtest.Ask(t, c.GetParameters, &ssm.GetParametersInput{Names: []string{"/a/b", "/a/none"}})
		if len(plain.InvalidParameters) != 1 || plain.Parameters[0].Version != 4 || strings.Contains(*plain.Parameters[0].Value, "two") {
			t.Errorf("without decryption: %v", plain.InvalidParameters)
		}
		sandboxtest.Must(t, w.Save(path))
		again, err := sandbox.Load(path, world.Options{})
		sandboxtest.Must(t, err)
		first := sandboxtest.Ask(t, ssm.NewFromConfig(again.Config()).GetParameters, &ssm.GetParametersInput{Names: []string{"/a/b:1"}, WithDecryption: aws.Bool(true)})
		if len(first.Parameters) != 1 || *first.Parameters[0].Value != "one" {
			t.Errorf("the first version after a save: %+v", first)
		}
		sandboxtest.Ask(t, c.DeleteParameter, &ssm.DeleteParameterInput{Name: aws.String("/a/b")})
		_, err = c.DeleteParameter(t.Context(), &ssm.DeleteParameterInput{Name: aws.String("/a/b")})
		sandboxtest.WantCode(t, err, "ParameterNotFound")
	})
}

// TestParametersAreThrottled: reading and writing values share 40 a second.
func TestParametersAreThrottled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Buckets: true})
		c := ssm.NewFromConfig(w.Config(), func(o *ssm.Options) { o.Retryer = aws.NopRetryer{} })
		for i := range 40 {
			sandboxtest.Ask(t, c.PutParameter, secure("/a/"+strconv.Itoa(i), "one"))
		}
		_, err := c.GetParameters(t.Context(), &ssm.GetParametersInput{Names: []string{"/a/0"}})
		sandboxtest.WantCode(t, err, "ThrottlingException")
	})
}

// TestTasksReadTheirSecrets: a task does not start if its secret is missing or
// its execution role may not read it; a task that waits for a helper does
// start.
func TestTasksReadTheirSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		c := s.W.Config()
		parameters, secrets := ssm.NewFromConfig(c), secretsmanager.NewFromConfig(c)
		stored := *sandboxtest.Ask(t, secrets.CreateSecret, &secretsmanager.CreateSecretInput{Name: aws.String("key"), SecretString: aws.String(`{"password":"one"}`)}).ARN
		mine := "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/PW"
		start := func() string {
			app := ecstypes.ContainerDefinition{Name: aws.String("app"), Image: aws.String("sandbox/exit:0")}
			app.Secrets = []ecstypes.Secret{
				{Name: aws.String("PW"), ValueFrom: &mine}, {Name: aws.String("KEY"), ValueFrom: aws.String(stored + ":password::")},
			}
			app.DependsOn = []ecstypes.ContainerDependency{{ContainerName: aws.String("helper"), Condition: ecstypes.ContainerConditionSuccess}}
			app.MountPoints = []ecstypes.MountPoint{{SourceVolume: aws.String("files"), ContainerPath: aws.String("/run/secrets")}}
			helper := ecstypes.ContainerDefinition{Name: aws.String("helper"), Image: aws.String("busybox"), Essential: aws.Bool(false)}
			task := s.Run(*sandboxtest.Ask(t, s.ECS.RegisterTaskDefinition, &ecs.RegisterTaskDefinitionInput{
				Family: aws.String("job"), Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: ecstypes.NetworkModeAwsvpc,
				RequiresCompatibilities: []ecstypes.Compatibility{ecstypes.CompatibilityFargate}, ExecutionRoleArn: &s.Role,
				ContainerDefinitions: []ecstypes.ContainerDefinition{app, helper},
				Volumes:              []ecstypes.Volume{{Name: aws.String("files")}},
			}).TaskDefinition.TaskDefinitionArn)
			return aws.ToString(task.StoppedReason)
		}
		if got := start(); !strings.Contains(got, "ResourceInitializationError") || !strings.Contains(got, "ssm:GetParameters") {
			t.Errorf("without the permission: %s", got)
		}
		sandboxtest.Ask(t, s.IAM.PutRolePolicy, &iam.PutRolePolicyInput{
			RoleName: aws.String(world.LastPart(s.Role)), PolicyName: aws.String("secrets"),
			PolicyDocument: aws.String(`{"Statement":[{"Effect":"Allow","Action":["ssm:GetParameters","secretsmanager:GetSecretValue","logs:*"],"Resource":"*"}]}`),
		})
		if got := start(); !strings.Contains(got, "Invalid ssm parameters: /shop/PW") {
			t.Errorf("without the parameter: %s", got)
		}
		sandboxtest.Ask(t, parameters.PutParameter, secure("/shop/PW", "one"))
		if got := start(); got != "Essential container in task exited" {
			t.Errorf("with everything: %s", got)
		}
		sandboxtest.Ask(t, secrets.DeleteSecret, &secretsmanager.DeleteSecretInput{SecretId: &stored})
		if got := start(); !strings.Contains(got, "Secrets Manager can't find") {
			t.Errorf("with a secret that is being deleted: %s", got)
		}
	})
}
