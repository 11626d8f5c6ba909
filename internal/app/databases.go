package app

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/app/catalog"
	"github.com/berthdev/berth/internal/app/dockerfile"
	"github.com/berthdev/berth/internal/app/keys"
	"github.com/berthdev/berth/internal/app/managed"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// growth limits how far the disk of a database grows by itself, as a multiple of
// its first size; leastDisk is AWS's minimum for Postgres and MySQL in GiB.
const growth, leastDisk = 5, 20

// maxNodes is the number of nodes of a cache without shards.
const maxNodes = 6

// databaseStage translates a service into a managed database.
type databaseStage struct {
	subject
	// image is what the container would run, env are the variables it would have.
	image string
	env   environment
}

// databaseOf translates a service that AWS runs as a managed database, without
// any container.
func databaseOf(s subject, image, kind string, m *project.XManaged) Database {
	w := databaseStage{subject: s, image: image}
	d := Database{
		Name: s.name, Kind: kind, Origin: s.origin(""), FromSnapshot: m.FromSnapshot,
		SnapshotOrigin: s.origin("x-berth.managed.from_snapshot"), AllowDowntime: m.AllowDowntime,
		MultiAZ: s.settings.DatabaseMultiAZ.Value, DeletionProtection: s.settings.DatabaseProtection.Value, BackupDays: s.settings.BackupDays.Value,
	}
	setIf(&d.MultiAZ, m.MultiAZ)
	setIf(&d.BackupDays, m.BackupDays)
	setIf(&d.DeletionProtection, m.DeletionProtection)
	d.Labels, d.Networks = labelsOf(s), s.networks
	w.version(&d)
	w.class(&d, m.Class)
	d.Port = w.port(kind)
	silent := s
	silent.notices = new([]Notice) // these variables are in no task definition
	w.env = environmentOf(silent)
	if d.IsCache() {
		w.cache(&d, m)
	} else {
		w.relational(&d, m)
	}
	w.unusedKeys(&d)
	return d
}

func setIf[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

// databaseImage returns the image of a service that AWS runs as a managed
// database, and the kind of database: x-berth's, else the image's. If neither
// names one, the kind is empty and the service refused.
func databaseImage(s subject, asked string) (image, kind string) {
	image = s.compose.Image
	if b := s.compose.Build; b != nil && image == "" {
		image = dockerfile.Read(b).From
	}
	name, _ := catalog.Name(image)
	kind, says := managed.KindOf(name)
	kind = cmp.Or(asked, kind)
	switch {
	case kind == "":
		s.refuse("x-berth.managed", fmt.Sprintf("berth cannot tell what kind of database %s is", cmp.Or(image, "it")),
			"it manages postgres, mysql, redis and valkey", "name the kind, such as x-berth.managed: postgres, or remove x-berth.managed to run the container")
		return image, ""
	case !slices.Contains(managed.Kinds(), kind):
		return image, "" // the schema has refused it
	case says != "":
		s.notice("image", "%s", says)
	}
	return image, kind
}

// version finds the version that AWS runs for the image's tag.
func (w databaseStage) version(d *Database) {
	_, tag := catalog.Name(w.image)
	l, ok := managed.Version(d.Kind, tag)
	if !ok {
		w.refuse("image", "AWS has no managed "+d.Kind+" "+managed.TagVersion(tag), "it has "+strings.Join(managed.Versions(d.Kind), ", "), "use an image of one of these versions, or remove x-berth.managed")
		return
	}
	d.Kind, d.Version = l.Kind, l.Version
	if l.Says != "" {
		w.notice("image", "AWS runs %s %s: %s", d.Kind, d.Version, l.Says)
	}
	if l.Later {
		concern(w.subject, project.Failure, "image", "%s %s is newer than the versions that berth knows: if AWS does not have it, creating it fails", d.Kind, d.Version)
	}
	if l.Extended {
		concern(w.subject, project.Cost, "image", "%s %s is in RDS Extended Support, for which AWS charges by vCPU and hour; a later version avoids the charge", d.Kind, d.Version)
	}
}

// class finds the smallest class with the resources that the service asks for.
func (w databaseStage) class(d *Database, asked string) {
	if d.Class = asked; asked != "" {
		return
	}
	want := w.wantedSize()
	c, ok := managed.ClassFor(d.Kind, want)
	if !ok {
		w.refuse(w.sizeKey(), fmt.Sprintf("%s is more than berth chooses by itself", want), "the largest class that it chooses is "+c.Name+" with "+c.Memory,
			"name the class: x-berth.managed.class")
		return
	}
	d.Class = c.Name
	if want != (capacity.Size{}) && !c.Is(want) {
		concern(w.subject, project.Cost, w.sizeKey(), "it runs on %s with %d vCPU and %s, the smallest class with at least %s", c.Name, c.CPUs, c.Memory, want)
	}
}

// port is the container port if the file names exactly one, else the kind's
// default.
func (w databaseStage) port(kind string) int {
	port := managed.Port(kind)
	if len(w.compose.Ports) == 1 && w.compose.Ports[0].Target > 0 {
		port = int(w.compose.Ports[0].Target)
	}
	for i, p := range w.compose.Ports {
		if p.Published != "" && p.Mode != "host" {
			w.notice(item("ports", i), "port %d is for siblings only: berth keeps managed databases off the internet", p.Target)
		}
	}
	return port
}

// relational translates what is for RDS alone.
func (w databaseStage) relational(d *Database, m *project.XManaged) {
	d.StorageGiB = max(m.StorageGiB, leastDisk)
	d.MaxStorageGiB = min(growth*d.StorageGiB, 65536)
	d.TLS = TLSRequired
	if sleep, err := scaling.ParseSleep(w.settings.Sleep.Value); w.settings.Sleep.Value != "" && err == nil {
		d.Stops = sleep.Databases()
	}
	if m.TLS == TLSPreferred {
		w.refuse("x-berth.managed.tls", "tls: preferred is for caches only", "", "remove it: connections to the database are always encrypted")
	}
	if n := w.compose.GetScale(); n > 1 {
		w.notice("deploy.replicas", "the number of replicas has no effect: the database has one writer; x-berth.managed.multi_az keeps a standby")
	}
	w.login(d)
	word := "sslmode=require"
	if d.Kind == KindMySQL {
		word = "ssl-mode=REQUIRED"
	}
	w.notice("", "it accepts encrypted connections only (%s); a client that verifies the host name must use the host in %s", word, HostVariable(d.Name))
}

// cache translates what is for ElastiCache alone.
func (w databaseStage) cache(d *Database, m *project.XManaged) {
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
	if strings.Contains(strings.Join(w.compose.Command, " "), "requirepass") || w.env.text("REDIS_PASSWORD") != "" {
		w.notice("command", "the password has no effect: its security group lets siblings in, and clients must not send a password")
	}
	if d.TLS == TLSRequired {
		w.notice("", "it accepts TLS only: clients connect with rediss:// and the host in %s", HostVariable(d.Name))
		return
	}
	if d.Kind == KindRedis && strings.HasPrefix(d.Version, "6") {
		d.Version = "7.1"
		w.notice("image", "AWS runs redis 7.1, the first version that accepts connections with and without TLS; x-berth.managed.tls: required keeps 6.2")
	}
	w.notice("", "it accepts connections with and without TLS; x-berth.managed.tls: required accepts TLS only")
}

// usedKeys are the keys of a service that apply to a database.
func usedKeys() []string {
	return []string{
		"image", "environment", "env_file", "networks", "deploy", "labels", "ports", "expose", "cpus", "mem_limit", "mem_reservation",
		"scale", "profiles", "extends", "restart", "container_name", "hostname",
	}
}

// unusedKeys gives notice of the keys that apply to containers only.
func (w databaseStage) unusedKeys(d *Database) {
	var unused []string
	for key := range keys.Fields(reflect.TypeFor[types.ServiceConfig]()) {
		if !slices.Contains(usedKeys(), key) && w.has(key) {
			unused = append(unused, key)
		}
	}
	slices.Sort(unused)
	if len(unused) > 0 {
		w.notice("", "%s: no effect, because AWS manages the %s", strings.Join(unused, ", "), noun(*d))
	}
	for i, v := range w.compose.Volumes {
		if strings.Contains(v.Target, "docker-entrypoint-initdb.d") {
			w.notice(item("volumes", i), "the scripts in %s do not run; use a job to run them", w.short(v.Source))
		}
	}
}

func noun(d Database) string {
	if d.IsCache() {
		return "cache"
	}
	return "database"
}

// HostVariable is the environment variable with the host that AWS gave a
// database, for the services that use it.
func HostVariable(database string) string { return variableFor("BERTH_HOST_", database) }

// PasswordVariable is the environment variable with the password that berth
// generated.
func PasswordVariable(database string) string { return variableFor("BERTH_PASSWORD_", database) }

func variableFor(prefix, name string) string {
	return prefix + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}
