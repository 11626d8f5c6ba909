package blueprint

import (
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/engine"
)

// The longest names that AWS takes for databases and caches.
const (
	maxDatabaseName = 63
	maxCacheName    = 40
)

// DatabaseName is the name that RDS or ElastiCache knows a database by.
func DatabaseName(a *app.App, region string, d app.Database) string {
	limit := maxDatabaseName
	if d.IsCache() {
		limit = maxCacheName
	}
	return engine.Name(Stack(a), region, d.Name, limit)
}

// Database is the address of a managed database; its outputs "endpoint" and
// "port" say where it is.
func Database(a *app.App, d app.Database) engine.Address {
	typ := rds.Instance{}.Type()
	if d.IsCache() {
		typ = elasticache.ReplicationGroup{}.Type()
	}
	return engine.Address{Owner: Stack(a), Type: typ, Name: d.Name}
}

// database is what others need of a managed database.
type database struct {
	// node is the database itself, password the parameter with its password; nil
	// for a user's secret.
	node, password *engine.Node
	// names are what makes its names lead to it.
	names []*engine.Node
}

// addDatabases adds the managed databases with what they stand on. They come
// before all that runs, because they take longest.
func (b *builder) addDatabases() {
	b.databases, b.passwords = map[string]database{}, map[string]*engine.Node{}
	for _, d := range b.app.Databases {
		for _, n := range d.Networks {
			if b.members[n] == nil {
				b.members[n] = b.addGroup(groupPrefix+n, "members of network "+n, nil)
			}
		}
		group := b.addGroup(ownName(d.Name), noun(d)+" "+d.Name, b.databaseIngress(d), noun(d))
		var node *engine.Node
		if d.IsCache() {
			node = b.addCache(d, group)
		} else {
			node = b.addInstance(d, group)
		}
		node.Label(d.Labels)
		b.runs[d.Name] = node
		name := b.graph.Add(b.stack, d.Name, cloudmap.Service{
			Namespace: b.namespace.ID(), Name: d.Name, TTL: nameTTL, Record: cloudmap.RecordCNAME,
		})
		b.databases[d.Name] = database{
			node: node, password: b.passwords[d.Name],
			names: append(b.addAliases(d.Name, d.Aliases),
				b.graph.Add(b.stack, d.Name, cloudmap.Instance{Service: name.ID(), Host: node.Output("endpoint").WhenReady()})),
		}
	}
}

func noun(d app.Database) string {
	if d.IsCache() {
		return "cache"
	}
	return "database"
}

// databaseIngress lets in the members of the database's networks, on its port.
func (b *builder) databaseIngress(d app.Database) []ec2.Rule {
	var rules []ec2.Rule
	for _, n := range d.Networks {
		rules = append(rules, ec2.Rule{Protocol: app.AppTCP, From: d.Port, To: d.Port, Source: b.members[n].ID()})
	}
	return rules
}

// once adds a node that several databases share.
func (b *builder) once(o engine.Owner, name string, r engine.Resource) *engine.Node {
	if n := b.graph.Node(engine.Address{Owner: o, Type: r.Type(), Name: name}); n != nil {
		return n
	}
	return b.graph.Add(o, name, r)
}

func (b *builder) addInstance(d app.Database, group *engine.Node) *engine.Node {
	role := b.once(b.env, "rds", iam.ServiceLinkedRole{Service: "rds.amazonaws.com"})
	subnets := b.once(b.stack, "main", rds.SubnetGroup{
		Name: engine.Name(b.stack, b.facts.Region, "main", maxName), Subnets: b.net.private,
	})
	family, force := familyOf(d)
	parameters := b.once(b.stack, family, rds.ParameterGroup{
		Name: engine.Name(b.stack, b.facts.Region, family, maxName), Family: family, Parameters: map[string]string{force: "1"},
	})
	password, version := b.addPassword(d)
	return b.graph.Add(b.stack, d.Name, rds.Instance{
		Name: DatabaseName(b.app, b.facts.Region, d), Engine: d.Kind, Version: d.Version, Class: d.Class, Port: d.Port,
		StorageGiB: d.StorageGiB, MaxStorageGiB: d.MaxStorageGiB, Database: d.Database, User: d.User,
		Password: password, PasswordVersion: version, SubnetGroup: subnets.ID(), ParameterGroup: parameters.ID(),
		SecurityGroups: []engine.Ref{group.ID()}, MultiAZ: d.MultiAZ, BackupDays: d.BackupDays,
		DeletionProtection: d.DeletionProtection, FromSnapshot: d.FromSnapshot, AllowDowntime: d.AllowDowntime,
	}).After(role, engine.Ready)
}

// familyOf is the family of a database's parameters, and the one of them that
// refuses connections without TLS.
func familyOf(d app.Database) (family, force string) {
	parts := strings.Split(d.Version, ".")
	if d.Kind == app.KindMySQL {
		return "mysql" + strings.Join(parts[:min(2, len(parts))], "."), "require_secure_transport"
	}
	return "postgres" + parts[0], "rds.force_ssl"
}

func (b *builder) addCache(d app.Database, group *engine.Node) *engine.Node {
	role := b.once(b.env, "elasticache", iam.ServiceLinkedRole{Service: "elasticache.amazonaws.com"})
	subnets := b.once(b.stack, "main", elasticache.SubnetGroup{
		Name: engine.Name(b.stack, b.facts.Region, "main", maxName), Subnets: b.net.private,
	})
	return b.graph.Add(b.stack, d.Name, elasticache.ReplicationGroup{
		Name: DatabaseName(b.app, b.facts.Region, d), Engine: d.Kind, Version: d.Version, NodeType: d.Class, Port: d.Port,
		Nodes: d.Nodes, MultiAZ: d.MultiAZ, SubnetGroup: subnets.ID(), SecurityGroups: []engine.Ref{group.ID()},
		TLS: d.TLS, BackupDays: d.BackupDays, FromSnapshot: d.FromSnapshot, AllowDowntime: d.AllowDowntime,
	}).After(role, engine.Ready)
}
