package blueprint

import (
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

// scope is the graph that stages add to, whose resources they are, and what is
// known of the account.
type scope struct {
	graph *engine.Graph
	owner engine.Owner
	facts Facts
	// boundary is the policy that bounds every role; empty for none.
	boundary string
}

func newScope(o engine.Owner, s app.Settings, f Facts) scope {
	return scope{graph: engine.NewGraph(), owner: o, facts: f, boundary: s.PermissionsBoundary.Value}
}

// add adds a resource of the owner's.
func (s scope) add(name string, r engine.Resource) *engine.Node {
	return s.graph.Add(s.owner, name, r)
}

// once adds a resource that several others share.
func (s scope) once(name string, r engine.Resource) *engine.Node {
	if n := s.graph.Node(engine.Address{Owner: s.owner, Type: r.Type(), Name: name}); n != nil {
		return n
	}
	return s.add(name, r)
}

// addRole adds a role within the boundary. Every role passes here.
func (s scope) addRole(name string, r iam.Role) *engine.Node {
	r.Boundary = s.boundary
	return s.add(name, r)
}

// name is a name in AWS that carries the owner's mark. What tells two objects
// apart that take over from each other is a part of it.
func (s scope) name(word string, limit int, apart ...string) string {
	return engine.Name(s.owner, s.facts.Region, word, limit, apart...)
}

// arn is the ARN of something in the account and the region.
func (s scope) arn(service, resource string) string {
	return strings.Join([]string{"arn", s.facts.Partition, service, s.facts.Region, s.facts.Account, resource}, ":")
}

func (s scope) bucketARN(bucket string) string {
	return "arn:" + s.facts.Partition + ":s3:::" + bucket
}

// s3Host is S3 as KMS names it.
func (s scope) s3Host() string {
	host := "s3." + s.facts.Region + ".amazonaws.com"
	if s.facts.Partition == "aws-cn" {
		host += ".cn"
	}
	return host
}
