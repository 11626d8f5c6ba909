package app

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// databaseWord is what RDS takes for the name of a database or a user.
var databaseWord = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]{0,62}$`)

// The bounds of a master password.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
const (
	leastPassword        = 8
	mostPassword         = 128
	mostPasswordMySQL    = 41
	notInPassword        = "/@\" "
	mostMySQLUser        = 16
	postgres, mysqlRoot  = "postgres", "root"
	envUser, envPassword = "USER", "PASSWORD"
)

// login takes over the first database, the master user and its password from
// the variables that the image reads.
func (w *workload) login(d *Database) {
	var used []string
	value := func(name string) string {
		used = append(used, name, name+"_FILE")
		return w.text(name)
	}
	prefix := "POSTGRES_"
	if d.Kind == KindMySQL {
		prefix = "MYSQL_"
	}
	passwordVariable := prefix + envPassword
	d.User = value(prefix + envUser)
	if d.Kind == KindPostgres {
		if d.User == "" {
			d.User = postgres
		}
		if d.Database = value("POSTGRES_DB"); d.Database == "" {
			d.Database = d.User
		}
	} else {
		d.Database = value("MYSQL_DATABASE")
		w.mysqlUser(d, &passwordVariable)
		used = append(used, "MYSQL_ROOT_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD")
	}
	used = append(used, passwordVariable, passwordVariable+"_FILE")
	w.password(d, passwordVariable)
	w.checkWords(d, prefix)
	var unused []string
	for _, name := range sorted(w.compose.Environment) {
		if !slices.Contains(used, name) {
			unused = append(unused, name)
		}
	}
	if len(unused) > 0 {
		w.notice("environment", "%s: no effect, because AWS runs the database", strings.Join(unused, ", "))
	}
}

// mysqlUser is the user that the file names, with its password; without one it
// is root, with that of root.
func (w *workload) mysqlUser(d *Database, passwordVariable *string) {
	if d.User != "" && d.User != mysqlRoot {
		if w.has("environment.MYSQL_ROOT_PASSWORD") || w.text("MYSQL_ROOT_PASSWORD") != "" {
			w.notice("environment", "there is no root on RDS: %s is the master user", d.User)
		}
		return
	}
	d.User, *passwordVariable = mysqlRoot, "MYSQL_ROOT_PASSWORD"
}

// password finds where the master password comes from.
func (w *workload) password(d *Database, variable string) {
	i := slices.IndexFunc(w.Secrets, func(s Secret) bool { return s.Name == variable })
	if i >= 0 {
		d.Password = Password{Secret: w.Secrets[i].From, Origin: w.Secrets[i].Origin}
		return
	}
	if i := slices.IndexFunc(w.Variables, func(v Variable) bool { return v.Name == variable }); i >= 0 {
		w.variablePassword(d, w.Variables[i])
		return
	}
	if text := w.text(variable); text != "" {
		d.Password = Password{Literal: text, Origin: w.at(w.path + ".environment." + variable).String()}
		if why := passwordProblem(d.Kind, text); why != "" {
			w.refuse("environment."+variable, variable+" cannot be the password of a managed database", why,
				"write it without a value, and set a secret: berth secret set "+variable+" --random")
			return
		}
		w.notice("environment."+variable, "%s stands in the file, for all to read; written without a value, it is a secret", variable)
		return
	}
	if path := w.text(variable + "_FILE"); path != "" {
		w.refuse("environment."+variable+"_FILE", "the password cannot come from "+path, "there is no container to read it",
			"write "+variable+" without a value, and set a secret of that name")
		return
	}
	w.notice("", "berth makes its password; those who use it find it in %s", PasswordVariable(d.Name))
}

// variablePassword is one that a variable has filled: the secret of the
// variable's name if that is set, else the variable's value.
func (w *workload) variablePassword(d *Database, v Variable) {
	if len(v.Parts) != 1 {
		w.refuse("environment."+v.Name, v.Name+" is put together from several parts", "the password of a managed database is one secret or one text",
			"write it without a value, and set a secret: berth secret set "+v.Name+" --random")
		return
	}
	p := v.Parts[0]
	d.Password = Password{Secret: p.Secret, Literal: p.Text, Origin: v.Origin}
	if why := passwordProblem(d.Kind, p.Text); why != "" {
		d.Password.Literal = ""
		w.notice("environment."+v.Name, "its value cannot be the password of a managed database, so it must be a secret: %s", why)
	}
}

// text is the value of a variable, as far as it is no secret.
func (w *workload) text(name string) string {
	for _, v := range w.Variables {
		if v.Name == name {
			return v.text()
		}
	}
	return w.Env[name]
}

// passwordProblem says why RDS refuses a password, without showing it.
func passwordProblem(kind, text string) string {
	most := mostPassword
	if kind == KindMySQL {
		most = mostPasswordMySQL
	}
	switch {
	case len(text) < leastPassword || len(text) > most:
		return fmt.Sprintf("RDS takes %d to %d characters", leastPassword, most)
	case strings.ContainsAny(text, notInPassword) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }):
		return `RDS takes printable ASCII without / @ " and spaces`
	}
	return ""
}

// checkWords refuses names that RDS does not take.
func (w *workload) checkWords(d *Database, prefix string) {
	badUser := true
	switch {
	case !databaseWord.MatchString(d.User) || d.Kind == KindMySQL && len(d.User) > mostMySQLUser:
		w.refuse("environment."+prefix+envUser, fmt.Sprintf("the master user cannot be called %q", d.User),
			"RDS takes letters, digits and underscores, for MySQL up to 16", "use another name")
	case reservedUser(d.Kind, d.User):
		w.refuse("environment."+prefix+envUser, "the master user cannot be called "+d.User, "RDS reserves the name", "use another name, such as app, there and where the services log in")
	default:
		badUser = false
	}
	at := "environment." + prefix + "DB"
	if d.Kind == KindMySQL {
		at = "environment." + prefix + "DATABASE"
	}
	if !w.has(at) { // it is called as the user is
		at = "environment." + prefix + envUser
	}
	switch {
	case d.Database == "" || badUser && d.Database == d.User: // said already
	case !databaseWord.MatchString(d.Database):
		w.refuse(at, fmt.Sprintf("the database cannot be called %q", d.Database), "RDS takes letters, digits and underscores", "use another name")
	case reservedDatabase(d.Kind, d.Database):
		w.refuse(at, "the database cannot be called "+d.Database, "RDS reserves the name", "use another name, such as app, there and where the services connect")
	}
}
