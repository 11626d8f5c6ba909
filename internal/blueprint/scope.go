package blueprint

import (
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// scope is the graph that stages add to, the owner of its resources, and the facts
// about the account.
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

// add adds a resource of the owner.
func (s scope) add(name string, r engine.Resource) *engine.Node {
	return s.graph.Add(s.owner, name, r)
}

// once adds a resource that several others share, unless it has been added already.
func (s scope) once(name string, r engine.Resource) *engine.Node {
	if n := s.graph.Node(engine.Address{Owner: s.owner, Type: r.Type(), Name: name}); n != nil {
		return n
	}
	return s.add(name, r)
}

// addRole adds a role with the permissions boundary. All roles are added with it.
func (s scope) addRole(name string, r iam.Role) *engine.Node {
	r.Boundary = s.boundary
	return s.add(name, r)
}

// name is a name in AWS that contains the owner's mark. apart are words that must
// change the name, so that an object and its replacement can exist at once.
func (s scope) name(word string, limit int, apart ...string) string {
	return naming.Name(s.owner, s.facts.Region, word, limit, apart...)
}

// arn is the ARN of something in the account and the region.
func (s scope) arn(service, resource string) string {
	return strings.Join([]string{"arn", s.facts.Partition, service, s.facts.Region, s.facts.Account, resource}, ":")
}

func (s scope) bucketARN(bucket string) string {
	return "arn:" + s.facts.Partition + ":s3:::" + bucket
}

// s3Host is the host of S3 in the conditions of KMS.
func (s scope) s3Host() string {
	host := "s3." + s.facts.Region + ".amazonaws.com"
	if s.facts.Partition == "aws-cn" {
		host += ".cn"
	}
	return host
}
