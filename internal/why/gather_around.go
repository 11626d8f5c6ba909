package why

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
)

// looks are the readings around a subject, with what they found so far.
type looks struct {
	facts   *Facts
	clients *aws.Clients
	mu      sync.Mutex
}

// readAround reads what the tasks need. What cannot be read stays unknown.
func readAround(ctx context.Context, f *Facts, c *aws.Clients) {
	f.Roles, f.Missing = map[string]Role{}, map[string]Absence{}
	l := &looks{facts: f, clients: c}
	reads := []func(context.Context){l.roles, l.parameters, l.secrets, l.images, l.logGroups, l.network, l.peer}
	_ = concurrent.Each(reads, func(_ int, read func(context.Context)) error { read(ctx); return nil })
}

func (l *looks) note(name string, a Absence) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.facts.Missing[name] = a
}

// roles reads the execution role and the task role.
func (l *looks) roles(ctx context.Context) {
	if l.facts.Definition == nil {
		return
	}
	for _, arn := range []string{sdk.ToString(l.facts.Definition.ExecutionRoleArn), sdk.ToString(l.facts.Definition.TaskRoleArn)} {
		if arn == "" {
			continue
		}
		out, err := l.clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: sdk.String(arn[strings.LastIndexByte(arn, '/')+1:])})
		switch {
		case gate.IsNotFound(err):
			l.facts.Roles[arn] = Role{Gone: true}
		case err == nil && out.Role != nil:
			trust, _ := url.QueryUnescape(sdk.ToString(out.Role.AssumeRolePolicyDocument))
			l.facts.Roles[arn] = Role{Trusts: strings.Contains(trust, "ecs-tasks.amazonaws.com")}
		}
	}
}

// sourcesOf are where the secrets of a task definition come from: parameters by their
// names, or secrets of Secrets Manager by their ARNs.
func sourcesOf(d *types.TaskDefinition) (parameters, secrets []string) {
	if d == nil {
		return nil, nil
	}
	for _, c := range d.ContainerDefinitions {
		var from []string
		for _, s := range c.Secrets {
			from = append(from, sdk.ToString(s.ValueFrom))
		}
		if c.RepositoryCredentials != nil {
			from = append(from, sdk.ToString(c.RepositoryCredentials.CredentialsParameter))
		}
		for _, ref := range from {
			if arn, is := secretARN(ref); is {
				secrets = append(secrets, arn)
			} else {
				parameters = append(parameters, parameterName(ref))
			}
		}
	}
	slices.Sort(parameters)
	slices.Sort(secrets)
	return slices.Compact(parameters), slices.Compact(secrets)
}

// secretARN is the secret that a reference of a container names, without the key and
// the version behind it.
func secretARN(ref string) (arn string, is bool) {
	parts := strings.SplitN(ref, ":", 8)
	return strings.Join(parts[:min(7, len(parts))], ":"), strings.Contains(ref, ":secretsmanager:")
}

// parameterName is the name of a parameter in its ARN, or the name itself.
func parameterName(ref string) string {
	_, name, is := strings.Cut(ref, ":parameter/")
	if !is {
		return ref
	}
	return "/" + name
}

func (l *looks) parameters(ctx context.Context) {
	const atOnce = 10
	names, _ := l.facts.sources()
	for chunk := range slices.Chunk(names, atOnce) {
		out, err := l.clients.SSM.DescribeParameters(ctx, &ssm.DescribeParametersInput{
			ParameterFilters: []ssmtypes.ParameterStringFilter{{Key: sdk.String("Name"), Option: sdk.String("Equals"), Values: chunk}},
		})
		if err != nil {
			return
		}
		for _, name := range chunk {
			if !slices.ContainsFunc(out.Parameters, func(p ssmtypes.ParameterMetadata) bool { return sdk.ToString(p.Name) == name }) {
				l.note(name, Gone)
			}
		}
	}
}

func (l *looks) secrets(ctx context.Context) {
	_, arns := l.facts.sources()
	for _, arn := range arns {
		out, err := l.clients.Secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &arn})
		switch {
		case gate.IsNotFound(err):
			l.note(arn, Gone)
		case err == nil && out.DeletedDate != nil:
			l.note(arn, Deleting)
		}
	}
}

// ownImage is the repository and the tag or digest of an image in a registry of ECR.
func ownImage(image string) (repository string, id ecrtypes.ImageIdentifier, is bool) {
	host, rest, _ := strings.Cut(image, "/")
	if !strings.Contains(host, ".dkr.ecr.") {
		return "", id, false
	}
	if name, digest, pinned := strings.Cut(rest, "@"); pinned {
		name, _, _ = strings.Cut(name, ":")
		return name, ecrtypes.ImageIdentifier{ImageDigest: &digest}, true
	}
	name, tag, tagged := strings.Cut(rest, ":")
	if !tagged {
		tag = "latest"
	}
	return name, ecrtypes.ImageIdentifier{ImageTag: &tag}, true
}

func (l *looks) images(ctx context.Context) {
	if l.facts.Definition == nil {
		return
	}
	for _, c := range l.facts.Definition.ContainerDefinitions {
		image := sdk.ToString(c.Image)
		name, id, is := ownImage(image)
		if !is {
			continue
		}
		_, err := l.clients.ECR.DescribeImages(ctx, &ecr.DescribeImagesInput{RepositoryName: &name, ImageIds: []ecrtypes.ImageIdentifier{id}})
		switch gate.Code(err) {
		case "RepositoryNotFoundException":
			l.note(image, NoRepository)
		case "ImageNotFoundException":
			l.note(image, Gone)
		}
	}
}

func (l *looks) logGroups(ctx context.Context) {
	if l.facts.Definition == nil {
		return
	}
	for _, c := range l.facts.Definition.ContainerDefinitions {
		if c.LogConfiguration == nil {
			continue
		}
		name := c.LogConfiguration.Options["awslogs-group"]
		if name == "" {
			continue
		}
		out, err := l.clients.Logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &name})
		if err != nil {
			continue
		}
		there := false
		for _, g := range out.LogGroups {
			there = there || sdk.ToString(g.LogGroupName) == name
		}
		if !there {
			l.note(name, Gone)
		}
	}
}
