package managed

import (
	"fmt"
	"regexp"
	"strings"
)

// word matches the names that RDS allows for databases and users.
var word = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]{0,62}$`)

// The bounds of a master password.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
const (
	leastPassword     = 8
	mostPassword      = 128
	mostPasswordMySQL = 41
	notInPassword     = "/@\" "
	mostMySQLUser     = 16
)

// IsDatabaseName says whether RDS allows a text as the name of a database.
func IsDatabaseName(text string) bool { return word.MatchString(text) }

// IsUserName says whether RDS allows a text as the name of a master user.
func IsUserName(kind, text string) bool {
	return word.MatchString(text) && (kind != MySQL || len(text) <= mostMySQLUser)
}

// PasswordProblem says why RDS refuses a password, without showing it.
func PasswordProblem(kind, text string) string {
	most := mostPassword
	if kind == MySQL {
		most = mostPasswordMySQL
	}
	switch {
	case len(text) < leastPassword || len(text) > most:
		return fmt.Sprintf("RDS requires %d to %d characters", leastPassword, most)
	case strings.ContainsAny(text, notInPassword) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }):
		return `RDS allows printable ASCII without / @ " and spaces`
	}
	return ""
}
