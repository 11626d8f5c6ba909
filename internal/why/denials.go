package why

import (
	"regexp"
	"strings"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// refusedCall is a call that IAM refused, in its own words:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
type refusedCall struct {
	// role is empty if the text does not name it; object is what the call was about.
	role, action, object string
	// kind is the kind of policy that refuses; explicit says that it has a Deny for it, and
	// does not only lack an Allow.
	kind     string
	explicit bool
}

var (
	refusedText  = regexp.MustCompile(`(?:(\S+) is )?not authorized to perform: ([a-zA-Z0-9-]+:[a-zA-Z]+)(?: on resource: (\S+))?`)
	implicitText = regexp.MustCompile(`because no ([a-z -]+?) allows the `)
	explicitText = regexp.MustCompile(`with an explicit deny in an? ([a-z -]+)`)
)

// identityBased is the kind of the policies of the role itself.
const identityBased = "identity-based policy"

// denial reads a refusal of IAM in a text.
func denial(text string) (refusedCall, bool) {
	m := refusedText.FindStringSubmatch(text)
	if m == nil {
		return refusedCall{}, false
	}
	d := refusedCall{action: m[2], object: m[3], kind: identityBased}
	if _, session, is := strings.Cut(m[1], ":assumed-role/"); is {
		d.role, _, _ = strings.Cut(session, "/")
	} else if strings.Contains(m[1], ":role/") {
		d.role = resource.LastPart(m[1])
	}
	if kind := explicitText.FindStringSubmatch(text); kind != nil {
		d.kind, d.explicit = strings.TrimSpace(kind[1]), true
	} else if kind := implicitText.FindStringSubmatch(text); kind != nil {
		d.kind = kind[1]
	}
	return d, true
}

// who is the role in words.
func (d refusedCall) who() string {
	if d.role == "" {
		return "ECS"
	}
	return "the role " + d.role
}

// cause is the refusal as a cause. who is the role in words, and name its name.
func (d refusedCall) cause(who, name, next string) cause {
	c := cause{text: who + " may not " + d.action, next: next}
	if d.object != "" {
		c.shown = []string{"on " + d.object}
	}
	article := "a "
	if strings.HasPrefix(d.kind, "identity") {
		article = "an "
	}
	switch {
	case d.explicit:
		c.text += ": " + article + d.kind + " denies it"
	case d.kind != identityBased:
		c.text += ": its " + d.kind + " does not allow it"
	default:
		return c
	}
	switch {
	case d.kind == identityBased:
		c.next = "remove the Deny, which is not berth's: `aws iam list-role-policies --role-name " + name + "` lists the role's policies"
	case d.kind == "permissions boundary":
		c.next = "allow it there, or take the boundary off: `aws iam get-role --role-name " + name + "` names it"
	case strings.Contains(d.kind, "control policy"):
		c.next = "ask whoever manages the organization of the account to allow it"
	default:
		c.next = "allow it in that policy; `berth plan --deep` shows what was changed"
	}
	return c
}

// lacks is the cause that the execution role lacks a right.
func (f *Facts) lacks(prefixes ...string) (cause, bool) {
	d, ok := denial(f.reason())
	if !ok {
		return cause{}, false
	}
	for _, p := range prefixes {
		if strings.HasPrefix(d.action, p) {
			name := f.roleName()
			return d.cause(strings.TrimSpace("the execution role "+name), name, "`berth plan --deep` shows what was changed, `berth up` mends it"), true
		}
	}
	return cause{}, false
}

// roleName is the name of the execution role; empty if it is not known.
func (f *Facts) roleName() string {
	if f.Definition == nil || f.Definition.ExecutionRoleArn == nil {
		return ""
	}
	return resource.LastPart(*f.Definition.ExecutionRoleArn)
}

func secretDenied(f *Facts) (cause, bool) { return f.lacks("ssm:", "secretsmanager:", "kms:") }

func imageDenied(f *Facts) (cause, bool) { return f.lacks("ecr:") }

func logsDenied(f *Facts) (cause, bool) { return f.lacks("logs:") }

// callDenied is a program that ended because AWS refused its own call.
func callDenied(f *Facts) (cause, bool) {
	m := f.said(`.*not authorized to perform: .*`)
	if m == nil {
		return cause{}, false
	}
	d, ok := denial(m[0])
	if !ok {
		return cause{}, false
	}
	who := "the task role " + d.role
	if d.role == "" {
		who = "the program" + f.of()
	}
	return d.cause(who, d.role, "if `berth plan --deep` shows that its rights were changed, `berth up` mends it; else x-berth.policies gives it more"), true
}
