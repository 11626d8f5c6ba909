package blueprint

import (
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// The longest names that AWS allows for databases and caches.
const (
	maxDatabaseName = 63
	maxCacheName    = 40
)

// DatabaseName is the name of a database in RDS or ElastiCache.
func DatabaseName(a *app.App, region string, d app.Database) string {
	limit := maxDatabaseName
	if d.IsCache() {
		limit = maxCacheName
	}
	return naming.Name(Stack(a), region, d.Name, limit)
}

// Database is the address of a managed database, which has the outputs "endpoint"
// and "port".
func Database(a *app.App, d app.Database) engine.Address {
	typ := rds.Instance{}.Type()
	if d.IsCache() {
		typ = elasticache.ReplicationGroup{}.Type()
	}
	return engine.Address{Owner: Stack(a), Type: typ, Name: d.Name}
}

// database is a managed database as other stages use it.
type database struct {
	// node is the database itself, password the parameter with its password; nil
	// for a user's secret.
	node, password *engine.Node
	// names are the DNS instances that make its names lead to it.
	names []*engine.Node
}

// databases are the managed databases of a stack.
type databases struct {
	stack
	byName map[string]database
}

// newDatabases is the stage of the managed databases with what they need: security
// groups, subnets, parameters, passwords and names. They come before services and
// jobs, because they take longest.
func newDatabases(s stack, g groups, dns privateDNS) databases {
	out := databases{stack: s, byName: map[string]database{}}
	for _, d := range s.app.Databases {
		g.addMembers(d.Networks)
		group := g.addGroup(ownName(d.Name), noun(d)+" "+d.Name, g.fromMembers(d.Networks, app.AppTCP, d.Port, d.Port), noun(d))
		var made database
		if d.IsCache() {
			made.node = out.addCache(d, group)
		} else {
			made = out.addInstance(d, group)
		}
		made.node.Label(d.Labels)
		name := dns.addCNAME(d.Name)
		made.names = append(dns.addAliases(d.Name, d.Aliases),
			dns.addInstance(d.Name, name, made.node.Output("endpoint").WhenReady()))
		out.byName[d.Name] = made
	}
	return out
}

// runs are the databases by name, for the workloads that wait for them.
func (d databases) runs() map[string]*engine.Node {
	out := map[string]*engine.Node{}
	for name, made := range d.byName {
		out[name] = made.node
	}
	return out
}

func noun(d app.Database) string {
	if d.IsCache() {
		return "cache"
	}
	return "database"
}

func (d databases) addInstance(want app.Database, group *engine.Node) database {
	subnets := d.once("main", rds.SubnetGroup{Name: d.name("main", maxName), Subnets: d.env.net.private})
	family, force := familyOf(want)
	parameters := d.once(family, rds.ParameterGroup{
		Name: d.name(family, maxName), Family: family, Parameters: map[string]string{force: "1"},
	})
	p, runs := d.addPassword(want), ""
	if want.Stops != nil {
		runs = rds.ByClock
	}
	return database{password: p.node, node: d.add(want.Name, rds.Instance{
		Name: DatabaseName(d.app, d.facts.Region, want), Engine: want.Kind, Version: want.Version, Class: want.Class, Port: want.Port,
		StorageGiB: want.StorageGiB, MaxStorageGiB: want.MaxStorageGiB, Database: want.Database, User: want.User,
		Password: p.source, PasswordVersion: p.version, SubnetGroup: subnets.ID(), ParameterGroup: parameters.ID(),
		SecurityGroups: []engine.Ref{group.ID()}, MultiAZ: want.MultiAZ, BackupDays: want.BackupDays,
		DeletionProtection: want.DeletionProtection, FromSnapshot: want.FromSnapshot, AllowDowntime: want.AllowDowntime,
		Runs: runs,
	}).After(d.env.roles[RDS], engine.Ready)}
}

// familyOf is the family of a database's parameters, and the parameter that refuses
// connections without TLS.
func familyOf(d app.Database) (family, force string) {
	parts := strings.Split(d.Version, ".")
	if d.Kind == app.KindMySQL {
		return "mysql" + strings.Join(parts[:min(2, len(parts))], "."), "require_secure_transport"
	}
	return "postgres" + parts[0], "rds.force_ssl"
}

func (d databases) addCache(want app.Database, group *engine.Node) *engine.Node {
	subnets := d.once("main", elasticache.SubnetGroup{Name: d.name("main", maxName), Subnets: d.env.net.private})
	return d.add(want.Name, elasticache.ReplicationGroup{
		Name: DatabaseName(d.app, d.facts.Region, want), Engine: want.Kind, Version: want.Version, NodeType: want.Class, Port: want.Port,
		Nodes: want.Nodes, MultiAZ: want.MultiAZ, SubnetGroup: subnets.ID(), SecurityGroups: []engine.Ref{group.ID()},
		TLS: want.TLS, BackupDays: want.BackupDays, FromSnapshot: want.FromSnapshot, AllowDowntime: want.AllowDowntime,
	}).After(d.env.roles[ElastiCache], engine.Ready)
}
