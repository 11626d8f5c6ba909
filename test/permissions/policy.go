package permissions

import (
	"encoding/json"
	"slices"
	"strings"
)

// Statement is one statement of an IAM policy.
type Statement struct {
	Sid       string
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string `json:",omitempty"`
}

// Document is a customer managed policy.
type Document struct {
	// Name is its name on the page; Use says what it is for.
	Name, Use  string
	Statements []Statement
}

// MaxSize is how many characters a managed policy may have, without white space.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const MaxSize = 6144

// JSON renders the document, indented.
func (d Document) JSON() (string, error) {
	data, err := json.MarshalIndent(d.content(), "", "  ")
	return string(data), err
}

// Size is the number of characters that AWS counts.
func (d Document) Size() (int, error) {
	data, err := json.Marshal(d.content())
	return len(strings.Join(strings.Fields(string(data)), "")), err
}

func (d Document) content() any {
	return map[string]any{"Version": "2012-10-17", "Statement": d.Statements}
}

// Documents divides actions among the policies of the page: one for reading,
// three for what changes something, and one for what reaches into containers.
func Documents(actions []string) []Document {
	all := []Document{
		{Name: "berth-read", Use: "plan, ps, logs, infra status: it changes nothing"},
		{Name: "berth-deploy-network", Use: "networks, names, certificates, load balancers"},
		{Name: "berth-deploy-services", Use: "services, jobs, images, roles, logs, berth's state"},
		{Name: "berth-deploy-data", Use: "databases, caches, file systems, secrets"},
		{Name: "berth-exec", Use: "together with `berth-read`: exec, port-forward, cp"},
	}
	for i := range all {
		var own []string
		for _, a := range actions {
			if place(a) == i {
				own = append(own, a)
			}
		}
		slices.Sort(own)
		all[i].Statements = statements(slices.Compact(own))
	}
	return all
}

// NoValues is added to berth-read for people who must not read the values of secrets:
// SSM's key decrypts them for everybody in the account who may read the parameter,
// unless a policy denies it.
// https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
func NoValues() Document {
	return Document{
		Name: "berth-no-values", Use: "only together with `berth-read`: denies reading the values of secrets",
		Statements: []Statement{{
			Sid: "NoValues", Effect: "Deny", Action: []string{"kms:Decrypt"}, Resource: []string{"*"},
			Condition: map[string]map[string][]string{"StringLike": {"kms:ViaService": {"ssm.*.amazonaws.com*"}}},
		}},
	}
}

// deployServices is the index of the document that has the roles.
const deployServices = 2

// place is the index of an action's document.
func place(action string) int {
	service, op, _ := strings.Cut(action, ":")
	if reads(action, op) {
		return 0
	}
	if intoContainers(action) {
		return 4
	}
	switch service {
	case "ec2", "route53", "acm", "elasticloadbalancing", "servicediscovery":
		return 1
	case "rds", "elasticache", "elasticfilesystem", "s3files", "ssm", "secretsmanager":
		return 3
	}
	return 2
}

// intoContainers says whether an action is for sessions in containers.
func intoContainers(action string) bool {
	return slices.Contains([]string{"ecs:ExecuteCommand", "ssm:StartSession", "ssm:ResumeSession"}, action)
}

// reads says whether an action only reads what a look at a project needs,
// excluding values of secrets and actions for a push. plan uses
// ssm:GetParameters to see which secrets are set; NoValues denies decrypting
// them.
func reads(action, op string) bool {
	if slices.Contains([]string{
		"ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
		"ssm:GetParameter", "ssm:GetParametersByPath",
	}, action) {
		return false
	}
	for _, verb := range []string{"Describe", "List", "Get", "BatchGet", "Filter"} {
		if strings.HasPrefix(op, verb) {
			return true
		}
	}
	return false
}

// statements limits actions to berth's own objects where these are known
// beforehand.
func statements(actions []string) []Statement {
	var all []Statement
	rest := slices.Clone(actions)
	for _, s := range scopes() {
		st := Statement{Sid: s.sid, Effect: "Allow", Resource: s.resource, Condition: s.condition}
		rest = slices.DeleteFunc(rest, func(a string) bool {
			if s.matches(a) {
				st.Action = append(st.Action, a)
				return !s.also
			}
			return false
		})
		if len(st.Action) > 0 {
			all = append(all, st)
		}
	}
	if len(rest) > 0 {
		all = append(all, Statement{Sid: "Everything", Effect: "Allow", Action: rest, Resource: []string{"*"}})
	}
	return all
}
