package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/managed"
	"github.com/berthdev/berth/internal/project"
)

// The variables that database images read, and the master users that they make
// if the file names none.
const (
	postgres, mysqlRoot  = "postgres", "root"
	envUser, envPassword = "USER", "PASSWORD"
)

// login reads the first database, the master user and its password from the
// variables of the image.
func (w databaseStage) login(d *Database) {
	var used []string
	value := func(name string) string {
		used = append(used, name, name+"_FILE")
		return w.env.text(name)
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
		w.notice("environment", "%s: no effect, because AWS manages the database", strings.Join(unused, ", "))
	}
}

// mysqlUser keeps the user that the file names, with its password; without one
// the user is root, with root's password.
func (w databaseStage) mysqlUser(d *Database, passwordVariable *string) {
	if d.User != "" && d.User != mysqlRoot {
		if w.has("environment.MYSQL_ROOT_PASSWORD") || w.env.text("MYSQL_ROOT_PASSWORD") != "" {
			w.notice("environment", "RDS has no user root: the master user is %s", d.User)
		}
		return
	}
	d.User, *passwordVariable = mysqlRoot, "MYSQL_ROOT_PASSWORD"
}

// password finds where the master password comes from.
func (w databaseStage) password(d *Database, variable string) {
	i := slices.IndexFunc(w.env.secrets, func(s Secret) bool { return s.Name == variable })
	if i >= 0 {
		d.Password = Password{Secret: w.env.secrets[i].From, Origin: w.env.secrets[i].Origin}
		return
	}
	if i := slices.IndexFunc(w.env.variables, func(v Variable) bool { return v.Name == variable }); i >= 0 {
		w.variablePassword(d, w.env.variables[i])
		return
	}
	if text := w.env.text(variable); text != "" {
		d.Password = Password{Literal: text, Origin: w.origin("environment." + variable)}
		if why := managed.PasswordProblem(d.Kind, text); why != "" {
			w.refuse("environment."+variable, variable+" cannot be the password of a managed database", why,
				"write it without a value, and set a secret: `berth secret set "+variable+" --random`")
			return
		}
		concern(w.subject, project.Credential, "environment."+variable, "the file sets %s in plain text; written without a value, it is a secret", variable)
		return
	}
	if path := w.env.text(variable + "_FILE"); path != "" {
		w.refuse("environment."+variable+"_FILE", "the password cannot come from "+path, "AWS manages the database, so no container reads that file",
			"write "+variable+" without a value, and set a secret of that name")
		return
	}
	w.notice("", "berth generates its password and passes it to the services that use it as %s", PasswordVariable(d.Name))
}

// variablePassword is a password from a variable of the file: the secret of the
// variable's name if that secret is set, else the variable's value.
func (w databaseStage) variablePassword(d *Database, v Variable) {
	if len(v.Parts) != 1 {
		w.refuse("environment."+v.Name, v.Name+" combines several variables", "the password of a managed database must be one secret or one text",
			"write it without a value, and set a secret: `berth secret set "+v.Name+" --random`")
		return
	}
	p := v.Parts[0]
	d.Password = Password{Secret: p.Secret, Literal: p.Text, Origin: v.Origin}
	if why := managed.PasswordProblem(d.Kind, p.Text); why != "" {
		d.Password.Literal = ""
		concern(w.subject, project.Failure, "environment."+v.Name, "its value cannot be the password of a managed database: %s; set a secret of that name", why)
	}
}

// checkWords refuses names that RDS does not take.
func (w databaseStage) checkWords(d *Database, prefix string) {
	badUser := true
	switch {
	case !managed.IsUserName(d.Kind, d.User):
		w.refuse("environment."+prefix+envUser, fmt.Sprintf("the master user cannot be called %q", d.User),
			"RDS allows letters, digits and underscores, up to 16 for MySQL", "use another name")
	case managed.ReservedUser(d.Kind, d.User):
		w.refuse("environment."+prefix+envUser, "the master user cannot be called "+d.User, "RDS reserves the name", "use another name, such as app, here and in the services that log in")
	default:
		badUser = false
	}
	at := "environment." + prefix + "DB"
	if d.Kind == KindMySQL {
		at = "environment." + prefix + "DATABASE"
	}
	if !w.has(at) { // the database has the user's name
		at = "environment." + prefix + envUser
	}
	switch {
	case d.Database == "" || badUser && d.Database == d.User: // refused already
	case !managed.IsDatabaseName(d.Database):
		w.refuse(at, fmt.Sprintf("the database cannot be called %q", d.Database), "RDS allows letters, digits and underscores", "use another name")
	case managed.ReservedDatabase(d.Kind, d.Database):
		w.refuse(at, "the database cannot be called "+d.Database, "RDS reserves the name", "use another name, such as app, here and in the services that connect")
	}
}
