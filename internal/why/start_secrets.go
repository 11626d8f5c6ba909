package why

import (
	"fmt"
	"regexp"
	"strings"
)

// The texts about secrets are those of
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html

// pulling says whether the task ended because its secrets could not be read.
func (f *Facts) pulling() bool {
	text := f.reason()
	return strings.Contains(text, "from ssm") || strings.Contains(text, "from asm")
}

// lost is the secret that is missing in a certain way.
func (f *Facts) lost(how Absence) string {
	if !f.pulling() {
		return ""
	}
	parameters, secrets := f.sources()
	for _, name := range append(parameters, secrets...) {
		if f.Missing[name] == how {
			return name
		}
	}
	return ""
}

// sources are where the definition's secrets come from.
func (f *Facts) sources() (parameters, secrets []string) { return sourcesOf(f.Definition) }

func secretGone(f *Facts) (cause, bool) {
	name := f.lost(Gone)
	if name == "" { // in case it was made again meanwhile, or cannot be read
		_, name, _ = strings.Cut(f.reason(), "Invalid ssm parameters: ")
	}
	if name == "" && f.pulling() && strings.Contains(f.reason(), "can't find the specified secret.") {
		name = "of Secrets Manager"
	}
	own, is := strings.CutPrefix(name, "/berth/"+f.Environment+"/")
	switch {
	case is && !strings.Contains(own, "/"):
		return cause{
			text: "the secret " + own + " does not exist in the Parameter Store",
			next: fmt.Sprintf("`berth secret set %s`, then `berth restart %s`", own, f.Name),
		}, true
	case is:
		return cause{text: "the parameter " + name + " is gone, which berth has made", next: "`berth up` writes it again"}, true
	case strings.HasPrefix(name, "arn:"):
		return cause{
			text: "the secret " + secretName(name) + " does not exist in Secrets Manager",
			next: "make it again, or name another one in the file and run `berth up`",
		}, true
	}
	return cause{
		text: "the parameter " + name + " does not exist in the Parameter Store",
		next: fmt.Sprintf("`aws ssm put-parameter --type SecureString --name %s --value VALUE`, then `berth restart %s`", name, f.Name),
	}, name != ""
}

// secretName is the name in the ARN of a secret, without the six characters that
// Secrets Manager adds.
func secretName(arn string) string {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	return regexp.MustCompile(`-[A-Za-z0-9]{6}$`).ReplaceAllString(name, "")
}

func secretDeleting(f *Facts) (cause, bool) {
	arn := f.lost(Deleting)
	return cause{
		text: "the secret " + secretName(arn) + " in Secrets Manager is about to be deleted",
		next: fmt.Sprintf("`aws secretsmanager restore-secret --secret-id %s`, then `berth restart %s`", arn, f.Name),
	}, arn != ""
}

// secretKey: https://github.com/aws/amazon-ecs-agent/blob/master/agent/asm/asm.go
func secretKey(f *Facts) (cause, bool) {
	_, key, ok := strings.Cut(f.reason(), "did not contain json key ")
	key, _, _ = strings.Cut(key, " ")
	return cause{
		text: "a secret in Secrets Manager has no JSON key " + key,
		next: "add the key to the secret, or name another one in the file; then `berth up`",
	}, ok
}

func secretWithoutValue(f *Facts) (cause, bool) {
	_, secrets := f.sources()
	name := ""
	if len(secrets) == 1 {
		name = " " + secretName(secrets[0])
	}
	return cause{
		text: "the secret" + name + " in Secrets Manager has no value",
		next: fmt.Sprintf("give it one with `aws secretsmanager put-secret-value`, then `berth restart %s`", f.Name),
	}, strings.Contains(f.reason(), "secret value for staging label: AWSCURRENT")
}
