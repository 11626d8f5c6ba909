package blueprint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/secretsmanager"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/engine"
)

// Decide is app.App.Decide with the secrets of the facts. Build calls it; others call
// it for the notices.
func Decide(a *app.App, f Facts) (*app.App, []app.Notice) {
	return a.WithoutEmpty(func(name string) bool { return f.Secrets[name] == ssm.EmptyVersion }).
		Decide(func(name string) bool { _, ok := f.Secrets[name]; return ok })
}

// Missing are the secrets that the app needs but that do not exist, sorted, and
// those that are marked as empty where that is of no use.
func Missing(a *app.App, f Facts) []app.Need {
	return slices.DeleteFunc(a.Needs(), func(n app.Need) bool {
		version, ok := f.Secrets[n.From]
		return ok && (version != ssm.EmptyVersion || !n.Whole) || n.Optional
	})
}

// addSecrets gives a container its secrets. The task definition contains ARNs and
// versions; a value that embeds a secret is a separate parameter. It returns these
// parameters.
func (t taskStage) addSecrets(c *ecs.Container, w app.Workload) (derived []*engine.Node) {
	c.Secrets = map[string]string{}
	for _, secret := range w.Secrets {
		t.fill(c, secret.Name, secret.From)
	}
	for _, v := range w.Variables {
		node := t.addParameter(w, v)
		c.Secrets[v.Name] = t.arn("ssm", "parameter"+t.parameterName(w, v.Name))
		c.SecretVersions = append(c.SecretVersions, node.Output("mark"))
		derived = append(derived, node)
	}
	c.PullCredentials = w.PullCredentials
	return derived
}

// fill fills one variable of a container from a secret.
func (t taskStage) fill(c *ecs.Container, variable, from string) {
	c.Secrets[variable] = t.secretARN(from)
	t.noteVersion(c, from)
}

// noteVersion makes a container change if the value of a secret does.
func (t taskStage) noteVersion(c *ecs.Container, from string) {
	version := t.facts.Secrets[from]
	if version == "" {
		return
	}
	mark := engine.Lit(from + " " + version)
	if !slices.Contains(c.SecretVersions, mark) {
		c.SecretVersions = append(c.SecretVersions, mark)
	}
}

// addParameter adds the parameter of a variable that combines text and secrets.
func (t taskStage) addParameter(w app.Workload, v app.Variable) *engine.Node {
	p := ssm.Parameter{Name: t.parameterName(w, v.Name)}
	for _, part := range v.Parts {
		p.Value = append(p.Value, ssm.Part{Text: part.Text, Secret: part.Secret})
		if version := t.facts.Secrets[part.Secret]; version != "" {
			p.Secrets = append(p.Secrets, part.Secret+" "+version)
		}
	}
	p.Secrets = uniq(p.Secrets)
	return t.add(w.Name+"/"+v.Name, p)
}

var parameterPart = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`)

// parameterName is the name of a workload's variable in Parameter Store.
func (s stack) parameterName(w app.Workload, variable string) string {
	if !parameterPart.MatchString(variable) {
		variable = s.name(variable, 64)
	}
	return "/berth/" + s.app.Environment + "/" + s.app.Name + "/" + w.Name + "/" + variable
}

// secretARN is the ARN from which ECS reads a secret: the user's ARN, else that of a
// parameter by its path or, for a secret that berth keeps, by its name.
func (s stack) secretARN(from string) string {
	switch {
	case strings.HasPrefix(from, "arn:"):
		return from
	case strings.HasPrefix(from, "/"):
		return s.arn("ssm", "parameter"+from)
	}
	return s.arn("ssm", "parameter"+ssm.Path(s.app.Environment, from))
}

// wholeSecret matches an ARN with the six characters that AWS adds to the name of a
// secret, which users may leave out.
var wholeSecret = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// reads are the permissions to read exactly the secrets that a workload's tasks get
// when they start.
func (r startRoles) reads(w app.Workload) []statement {
	var parameters, existingParameters, secrets []string
	for _, c := range w.Containers() {
		for _, v := range c.Variables {
			parameters = append(parameters, r.arn("ssm", "parameter"+r.parameterName(c, v.Name)))
		}
	}
	for _, from := range secretsOf(w) {
		switch arn := r.secretARN(from); {
		case strings.Contains(arn, ":secretsmanager:"):
			secret := secretsmanager.Secret(arn)
			secrets = append(secrets, secret)
			if !wholeSecret.MatchString(secret) {
				secrets = append(secrets, secret+"-??????")
			}
		case app.Existing(from):
			existingParameters = append(existingParameters, arn)
		default:
			parameters = append(parameters, arn)
		}
	}
	var out []statement
	if all := uniq(parameters, existingParameters); len(all) > 0 {
		out = append(out, allow(all, "ssm:GetParameters"))
	}
	if len(secrets) > 0 {
		out = append(out, allow(uniq(secrets), "secretsmanager:GetSecretValue"))
	}
	// Existing ones may be encrypted with another key.
	out = append(out, decrypts("PARAMETER_ARN", uniq(existingParameters))...)
	return append(out, decrypts("SecretARN", uniq(secrets))...)
}

// decrypts allows the decryption of only these objects, with any key: Parameter Store
// and Secrets Manager put the object into the encryption context.
// https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
func decrypts(context string, arns []string) []statement {
	if len(arns) == 0 {
		return nil
	}
	s := allow([]string{"*"}, "kms:Decrypt")
	s.Condition = map[string]map[string][]string{"StringLike": {"kms:EncryptionContext:" + context: arns}}
	return []statement{s}
}

func uniq(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}

// secretsOf are the secrets that ECS reads when a task of the workload starts.
func secretsOf(w app.Workload) []string {
	var out []string
	for _, c := range w.Containers() {
		for _, s := range c.Secrets {
			out = append(out, s.From)
		}
		for _, f := range c.Files {
			out = append(out, f.Secret)
		}
		out = append(out, c.PullCredentials)
	}
	return slices.DeleteFunc(uniq(out), func(from string) bool { return from == "" })
}

// hasSecrets says whether a workload needs its own execution role.
func hasSecrets(w app.Workload) bool {
	return len(secretsOf(w)) > 0 || slices.ContainsFunc(w.Containers(), func(c app.Workload) bool { return len(c.Variables) > 0 })
}
