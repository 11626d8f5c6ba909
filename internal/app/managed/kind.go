package managed

import "strings"

// The kinds of managed databases.
const (
	Postgres = "postgres"
	MySQL    = "mysql"
	Redis    = "redis"
	Valkey   = "valkey"
)

// Kinds are all kinds.
func Kinds() []string { return []string{Postgres, MySQL, Redis, Valkey} }

// IsCache says whether ElastiCache runs a kind, and not RDS.
func IsCache(kind string) bool { return kind == Redis || kind == Valkey }

// KindOf is the kind that takes the place of an image, by its name; empty if none
// does. says is what the image has and the managed database has not.
func KindOf(image string) (kind, says string) {
	switch image[strings.LastIndexByte(image, '/')+1:] {
	case "postgres", "postgresql", "pgvector", "postgis":
		return Postgres, ""
	case "timescaledb":
		return Postgres, "RDS has no TimescaleDB extension"
	case "mysql", "mysql-server", "percona":
		return MySQL, ""
	case "redis":
		return Redis, ""
	case "redis-stack", "redis-stack-server":
		return Redis, "ElastiCache has none of the modules of Redis Stack"
	case "valkey":
		return Valkey, ""
	}
	return "", ""
}

// Port is where a kind listens unless it is told otherwise.
func Port(kind string) int {
	switch kind {
	case Postgres:
		return 5432
	case MySQL:
		return 3306
	}
	return 6379
}
