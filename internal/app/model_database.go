package app

import (
	"github.com/berthdev/berth/internal/app/managed"
	"github.com/berthdev/berth/internal/app/scaling"
)

// Database is a service that AWS runs as a managed database or cache.
type Database struct {
	// Name is the Compose service's name, by which siblings reach it.
	Name string
	// Aliases are further names by which siblings reach it, sorted.
	Aliases []string
	// Origin is the file:line of its definition.
	Origin string
	// Kind is one of the Kind constants.
	Kind string
	// Version is a version that AWS has: a major version, for which AWS chooses and
	// updates the minor one, or a full version.
	Version string
	// Class is the instance class, such as db.t4g.micro.
	Class string
	// StorageGiB is the disk of a new database, MaxStorageGiB how far it grows
	// by itself; 0 for caches.
	StorageGiB, MaxStorageGiB int
	// Database and User are the first database and the master user; empty for
	// caches.
	Database, User string
	// Password is that of User; zero for caches.
	Password Password
	Port     int
	// Nodes is the number of nodes of a cache, 1 to 6; 0 for databases.
	Nodes int
	// MultiAZ keeps a standby in another zone.
	MultiAZ            bool
	BackupDays         int
	DeletionProtection bool
	// FromSnapshot is the snapshot that a new database starts from; without one it
	// starts empty.
	FromSnapshot string
	// SnapshotOrigin is its file:line.
	SnapshotOrigin string `json:"-"`
	// Stops is when AWS stops it, in an environment that sleeps; nil for never.
	Stops *scaling.Stops `json:",omitempty"`
	// AllowDowntime consents to changes that interrupt the database.
	AllowDowntime bool
	// TLS is required, or preferred for caches that also accept connections without
	// TLS.
	TLS string
	// Networks are the names of the networks that it is in, sorted.
	Networks []string
	// Labels become tags in AWS.
	Labels map[string]string
}

// Kinds of managed databases.
const (
	KindPostgres = managed.Postgres
	KindMySQL    = managed.MySQL
	KindRedis    = managed.Redis
	KindValkey   = managed.Valkey
)

// What Database.TLS may be.
const (
	TLSRequired  = "required"
	TLSPreferred = "preferred"
)

// IsCache says that AWS runs it on ElastiCache, not on RDS.
func (d Database) IsCache() bool { return managed.IsCache(d.Kind) }

// Password is where the master password of a database comes from. The zero value
// means that berth generates one.
type Password struct {
	// Secret is like Secret.From.
	Secret string
	// Literal is a password that the file sets. If Secret is set too, Literal is used
	// only if no secret of that name is set.
	Literal string
	// Origin is its file:line; empty if berth generates it.
	Origin string
}

// Generated says that berth generates the password.
func (p Password) Generated() bool { return p.Secret == "" && p.Literal == "" }

// decide chooses between Secret and Literal by whether the secret is set.
func (p Password) decide(isSet func(name string) bool) Password {
	switch {
	case p.Secret == "" || p.Literal == "":
	case isSet(p.Secret):
		p.Literal = ""
	default:
		p.Secret = ""
	}
	return p
}

func (d Database) needs() []Need {
	p := d.Password
	return []Need{{From: p.Secret, Optional: p.Literal != "", Whole: true, Users: []string{d.Name}, Where: p.Origin}}
}

// Database returns the managed database of a name.
func (a *App) Database(name string) (Database, bool) {
	for _, d := range a.Databases {
		if d.Name == name {
			return d, true
		}
	}
	return Database{}, false
}
