package data

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// rdsVersions are the versions that RDS has: the major ones with the minor that
// AWS chooses when none is named, and the other minors that the sandbox knows.
// https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
var rdsVersions = map[string]map[string][]string{
	"postgres": {
		"13": {"13.20", "13.14"}, "14": {"14.17", "14.11"}, "15": {"15.12", "15.6"}, "16": {"16.8", "16.4"}, "17": {"17.4", "17.2"},
		"18": {"18.3", "18.1"},
	},
	"mysql": {"8.0": {"8.0.41", "8.0.36"}, "8.4": {"8.4.4", "8.4.3"}, "9.7": {"9.7.1"}},
}

// resolveVersion is the full version that a major or full one stands for.
func resolveVersion(engine, version string) (string, bool) {
	for major, minors := range rdsVersions[engine] {
		if version == major {
			return minors[0], true
		}
		for _, m := range minors {
			if m == version {
				return m, true
			}
		}
	}
	return "", false
}

func majorOf(engine, version string) string {
	parts := strings.Split(version, ".")
	if engine == "mysql" {
		return strings.Join(parts[:min(2, len(parts))], ".")
	}
	return parts[0]
}

// isFamily reports whether a family of parameter groups exists.
func isFamily(family string) bool {
	for engine, versions := range rdsVersions {
		if _, ok := versions[strings.TrimPrefix(family, engine)]; ok && strings.HasPrefix(family, engine) {
			return true
		}
	}
	return false
}

func familyOf(d types.DBInstance) string {
	engine := aws.ToString(d.Engine)
	return engine + majorOf(engine, aws.ToString(d.EngineVersion))
}

var (
	rdsName  = regexp.MustCompile(`^[a-z]([a-z0-9]|-[a-z0-9]){0,62}$`)
	rdsClass = regexp.MustCompile(`^db\.[a-z0-9]+\.[0-9a-z]+$`)
	rdsUser  = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]{0,62}$`)
)

// checkDatabase refuses what RDS refuses, and finds the full version.
func checkDatabase(in *rds.CreateDBInstanceInput) (version string, err error) {
	engine, user := aws.ToString(in.Engine), aws.ToString(in.MasterUsername)
	invalid := func(format string, args ...any) (string, error) {
		return "", world.APIError(400, "InvalidParameterValue", format, args...)
	}
	if !rdsName.MatchString(aws.ToString(in.DBInstanceIdentifier)) || len(aws.ToString(in.DBInstanceIdentifier)) > 63 {
		return invalid("The parameter DBInstanceIdentifier is not a valid identifier. Identifiers must begin with a letter; " +
			"must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.")
	}
	if rdsVersions[engine] == nil {
		return invalid("Invalid DB engine: %s", engine)
	}
	if !rdsClass.MatchString(aws.ToString(in.DBInstanceClass)) {
		return invalid("Invalid DB Instance class: %s", aws.ToString(in.DBInstanceClass))
	}
	if !rdsUser.MatchString(user) || engine == "mysql" && len(user) > 16 {
		return invalid("The parameter MasterUsername is not a valid identifier.")
	}
	if reserved := map[string]bool{
		"admin": engine == "postgres", "user": engine == "postgres", "rdsadmin": true, "select": true, "table": true,
	}; reserved[strings.ToLower(user)] || engine == "postgres" && strings.HasPrefix(strings.ToLower(user), "pg_") {
		return invalid("MasterUsername %s cannot be used as it is a reserved word used by the engine", user)
	}
	if name := aws.ToString(in.DBName); name != "" {
		if !rdsUser.MatchString(name) {
			return invalid("DBName must begin with a letter and contain only alphanumeric characters.")
		}
		if reservedDatabase(engine, strings.ToLower(name)) {
			return invalid("DBName %s cannot be used. It is a reserved word for this engine", name)
		}
	}
	if n := aws.ToInt32(in.AllocatedStorage); n < 20 {
		return invalid("Invalid storage size for engine name %s and storage type gp3: %d", engine, n)
	}
	if err := checkPassword(engine, aws.ToString(in.MasterUserPassword)); err != nil {
		return "", err
	}
	version, ok := resolveVersion(engine, aws.ToString(in.EngineVersion))
	if !ok {
		return "", world.APIError(400, "InvalidParameterCombination", "Cannot find version %s for %s", aws.ToString(in.EngineVersion), engine)
	}
	return version, nil
}

// reservedDatabase are some of the names that an engine accepts for no database:
// its keywords (https://www.postgresql.org/docs/current/sql-keywords-appendix.html
// and https://dev.mysql.com/doc/refman/8.4/en/keywords.html), the names of its own databases,
// and admin: https://github.com/awslabs/aws-saas-boost/issues/180
func reservedDatabase(engine, name string) bool {
	switch name {
	case "all", "create", "default", "from", "group", "in", "order", "references", "rdsadmin", "select", "table", "to", "where":
		return true
	case "admin", "db", "user", "template0", "template1":
		return engine == "postgres"
	case "database", "index", "mysql", "sys", "system", "information_schema", "performance_schema":
		return engine == "mysql"
	}
	return false
}

// checkPassword's errors never contain the password.
func checkPassword(engine, password string) error {
	longest := 128
	if engine == "mysql" {
		longest = 41
	}
	if len(password) < 8 || len(password) > longest {
		return world.APIError(400, "InvalidParameterValue",
			"The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters or too long.")
	}
	if strings.ContainsAny(password, "/@\" ") || strings.ContainsFunc(password, func(r rune) bool { return r < ' ' || r > '~' }) {
		return world.APIError(400, "InvalidParameterValue",
			"The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.")
	}
	return nil
}

// digest is what the sandbox stores instead of a secret.
func digest(account *world.Account, secret string) string {
	sum := account.Hash("secret", secret)
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, c := range sum[:6] {
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}
