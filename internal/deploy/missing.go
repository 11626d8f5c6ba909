package deploy

import (
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/app"
)

// MissingSecretsError says, before anything is changed, which secrets the
// services need and do not have.
type MissingSecretsError struct {
	Needs []app.Need
	// Env is the user's word for the environment.
	Env string
}

func (e *MissingSecretsError) Error() string {
	lines := make([]string, len(e.Needs))
	for i, n := range e.Needs {
		lines[i] = MissingText(n)
	}
	return strings.Join(lines, "\n")
}

// MissingText says which secret does not exist and who needs it.
func MissingText(n app.Need) string {
	if app.Existing(n.From) {
		return fmt.Sprintf("%s: %s does not exist; needed by %s", n.Where, n.From, join(n.Users))
	}
	return fmt.Sprintf("%s: the secret %s is not set; needed by %s", n.Where, n.From, join(n.Users))
}

// Remedy names the command that sets all of them.
func (e *MissingSecretsError) Remedy() string { return MissingRemedy(e.Needs, e.Env) }

// MissingRemedy is what to do about secrets that do not exist.
func MissingRemedy(needs []app.Need, env string) string {
	var own, given []string
	for _, n := range needs {
		if app.Existing(n.From) {
			given = append(given, n.From)
		} else {
			own = append(own, n.From)
		}
	}
	var out []string
	if len(own) > 0 {
		command := "berth secret set "
		if env != app.DefaultEnvironment {
			command = "berth -e " + env + " secret set "
		}
		out = append(out, "`"+command+strings.Join(own, " ")+"` asks for the values; `berth secret import FILE` reads them from a file")
	}
	if len(given) > 0 {
		out = append(out, "make "+join(given)+" in this account and region, or correct the name")
	}
	return strings.Join(out, "; ")
}
