package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// growth is how far the disk of a database grows by itself, as a multiple of
// its first size; leastDisk is AWS's least for Postgres and MySQL in GiB.
const growth, leastDisk = 5, 20

// maxNodes is the number of nodes of a cache without shards.
const maxNodes = 6

// isManaged says whether AWS runs a service as a managed database.
func (t *translator) isManaged(name string) bool { return t.project.Services[name].Database() != nil }

// containers are the services that run as containers: the table of keys is
// about those.
func (t *translator) containers() types.Services {
	out := types.Services{}
	for name, s := range t.project.Compose.Services {
		if !t.isManaged(name) {
			out[name] = s
		}
	}
	return out
}

// database translates a service that AWS runs as a managed database. Nothing
// of its container is left.
func (w *workload) database(m *project.XManaged) {
	s := w.app.Settings
	d := Database{
		Name: w.Name, Aliases: w.Aliases, Origin: w.Origin, FromSnapshot: m.FromSnapshot,
		SnapshotOrigin: w.at(w.path + ".x-berth.managed.from_snapshot").String(), AllowDowntime: m.AllowDowntime,
		MultiAZ: s.DatabaseMultiAZ.Value, DeletionProtection: s.DatabaseProtection.Value, BackupDays: s.BackupDays.Value,
	}
	if !w.databaseKind(&d, m.Kind) {
		return
	}
	setIf(&d.MultiAZ, m.MultiAZ)
	setIf(&d.BackupDays, m.BackupDays)
	setIf(&d.DeletionProtection, m.DeletionProtection)
	w.labels()
	d.Networks, d.Labels = w.networksOf(w.Name, w.compose), w.Labels
	w.databaseVersion(&d)
	w.databaseSize(&d, m.Class)
	w.databasePort(&d)
	told := len(w.notices)
	w.environment()
	w.notices = w.notices[:told] // nothing of it is in a task definition
	if d.IsCache() {
		w.cache(&d, m)
	} else {
		w.relational(&d, m)
	}
	w.unusedKeys(&d)
	w.app.Databases = append(w.app.Databases, d)
}

func setIf[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

// databaseKind finds the kind: the one that x-berth names, or the image's.
func (w *workload) databaseKind(d *Database, asked string) bool {
	w.Image = w.compose.Image
	if b := w.compose.Build; b != nil && w.Image == "" {
		w.Build = &Build{Context: w.short(b.Context), Dockerfile: b.Dockerfile}
		w.Image = w.dockerfile().from
		w.compose.Image = w.Image
	}
	name, _ := imageName(w.Image)
	last := name[strings.LastIndexByte(name, '/')+1:]
	kinds := map[string]string{
		"postgres": KindPostgres, "postgresql": KindPostgres, "pgvector": KindPostgres, "postgis": KindPostgres, "timescaledb": KindPostgres,
		"mysql": KindMySQL, "mysql-server": KindMySQL, "percona": KindMySQL,
		"redis": KindRedis, "redis-stack": KindRedis, "redis-stack-server": KindRedis, "valkey": KindValkey,
	}
	d.Kind = cmp.Or(asked, kinds[last])
	if d.Kind == "" {
		w.refuse("x-berth.managed", fmt.Sprintf("nothing tells what kind of database %s is", cmp.Or(w.Image, "it")),
			"AWS manages postgres, mysql, redis and valkey here", "write x-berth.managed: postgres, or take it out to run the container")
		return false
	}
	if !slices.Contains([]string{KindPostgres, KindMySQL, KindRedis, KindValkey}, d.Kind) {
		return false // the schema has refused it
	}
	switch last {
	case "timescaledb":
		w.notice("image", "RDS has no TimescaleDB extension")
	case "redis-stack", "redis-stack-server":
		w.notice("image", "ElastiCache has none of the modules of Redis Stack")
	}
	return true
}

// databasePort is the one port that the file names, else the kind's own.
func (w *workload) databasePort(d *Database) {
	d.Port = map[string]int{KindPostgres: 5432, KindMySQL: 3306, KindRedis: 6379, KindValkey: 6379}[d.Kind]
	if len(w.compose.Ports) == 1 && w.compose.Ports[0].Target > 0 {
		d.Port = int(w.compose.Ports[0].Target)
	}
	for i, p := range w.compose.Ports {
		if p.Published != "" && p.Mode != "host" {
			w.notice(item("ports", i), "port %d is for siblings only: AWS keeps managed databases off the internet", p.Target)
		}
	}
}

// relational is what RDS asks for beyond that.
func (w *workload) relational(d *Database, m *project.XManaged) {
	d.StorageGiB = max(m.StorageGiB, leastDisk)
	d.MaxStorageGiB = min(growth*d.StorageGiB, 65536)
	d.TLS = TLSRequired
	if m.TLS == TLSPreferred {
		w.refuse("x-berth.managed.tls", "tls: preferred is for caches alone", "", "take it out: connections to the database are encrypted")
	}
	if n := w.compose.GetScale(); n > 1 {
		w.notice("deploy.replicas", "the number of replicas has no effect: the database has one writer; x-berth.managed.multi_az keeps a standby")
	}
	w.login(d)
	word := "sslmode=require"
	if d.Kind == KindMySQL {
		word = "ssl-mode=REQUIRED"
	}
	w.notice("", "it takes encrypted connections only (%s); a client that checks the host's name needs the one in %s", word, HostVariable(d.Name))
}

// cache is what ElastiCache asks for beyond that.
func (w *workload) cache(d *Database, m *project.XManaged) {
	d.Nodes, d.TLS = max(1, w.compose.GetScale()), cmp.Or(m.TLS, TLSRequired)
	if d.Nodes > maxNodes {
		w.refuse("deploy.replicas", fmt.Sprintf("a cache cannot have %d nodes", d.Nodes), "", fmt.Sprintf("write at most %d", maxNodes))
	}
	if d.Nodes > 1 && m.MultiAZ == nil {
		d.MultiAZ = true
	}
	if d.MultiAZ {
		d.Nodes = max(2, d.Nodes)
	}
	if d.DeletionProtection {
		d.DeletionProtection = false
		if m.DeletionProtection != nil {
			w.notice("x-berth.managed", "deletion_protection has no effect: ElastiCache has none; a final snapshot keeps the data")
		}
	}
	if m.StorageGiB > 0 {
		w.notice("x-berth.managed", "storage_gib has no effect: a cache is in memory")
	}
	if strings.Contains(strings.Join(w.compose.Command, " "), "requirepass") || w.text("REDIS_PASSWORD") != "" {
		w.notice("command", "the password has no effect: its security group lets siblings in, and clients must send none")
	}
	if d.TLS == TLSRequired {
		w.notice("", "it takes TLS only: clients write rediss:// with the host in %s", HostVariable(d.Name))
		return
	}
	if d.Kind == KindRedis && strings.HasPrefix(d.Version, "6") {
		d.Version = "7.1"
		w.notice("image", "AWS runs redis 7.1, the first that takes connections with and without TLS; x-berth.managed.tls: required keeps 6.2")
	}
	w.notice("", "it takes connections with and without TLS; x-berth.managed.tls: required refuses the latter")
}

// usedKeys are the keys of a service that have a meaning for a database.
func usedKeys() []string {
	return []string{
		"image", "environment", "env_file", "networks", "deploy", "labels", "ports", "expose", "cpus", "mem_limit", "mem_reservation",
		"scale", "profiles", "extends", "restart", "container_name", "hostname",
	}
}

// unusedKeys names what is only for a container.
func (w *workload) unusedKeys(d *Database) {
	var keys []string
	for key := range yamlFields(typeOfService) {
		if !slices.Contains(usedKeys(), key) && w.has(key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if len(keys) > 0 {
		w.notice("", "%s: no effect, because AWS runs the %s", strings.Join(keys, ", "), noun(*d))
	}
	for i, v := range w.compose.Volumes {
		if strings.Contains(v.Target, "docker-entrypoint-initdb.d") {
			w.notice(item("volumes", i), "the scripts in %s are not run; a job can run them", w.short(v.Source))
		}
	}
}

func noun(d Database) string {
	if d.IsCache() {
		return "cache"
	}
	return "database"
}

// HostVariable is the environment variable in which those who use a database
// find the host that AWS gave it.
func HostVariable(database string) string { return variableFor("BERTH_HOST_", database) }

// PasswordVariable is the one with the password that berth made.
func PasswordVariable(database string) string { return variableFor("BERTH_PASSWORD_", database) }

func variableFor(prefix, name string) string {
	return prefix + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}
