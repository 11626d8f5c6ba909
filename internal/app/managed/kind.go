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

// IsCache says whether a kind runs on ElastiCache, not on RDS.
func IsCache(kind string) bool { return kind == Redis || kind == Valkey }

// KindOf is the kind that can replace an image, by the image's name; empty if none
// can. says is what the managed database lacks compared to the image.
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
		return Redis, "ElastiCache does not have the modules of Redis Stack"
	case "valkey":
		return Valkey, ""
	}
	return "", ""
}

// Port is the default port of a kind.
func Port(kind string) int {
	switch kind {
	case Postgres:
		return 5432
	case MySQL:
		return 3306
	}
	return 6379
}
