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
	return strings.Join(MissingTexts(e.Needs), "\n")
}

// MissingTexts say which secrets do not exist and who needs them: one line for
// secrets of the same services, at the place of the first.
func MissingTexts(needs []app.Need) []string {
	var lines []string
	said := map[string]bool{}
	for _, n := range needs {
		by := join(n.Users)
		if app.Existing(n.From) {
			lines = append(lines, MissingText(n))
			continue
		}
		if said[by] {
			continue
		}
		said[by] = true
		var same []string
		for _, other := range needs {
			if !app.Existing(other.From) && join(other.Users) == by {
				same = append(same, other.From)
			}
		}
		if len(same) == 1 {
			lines = append(lines, MissingText(n))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: the secrets %s are not set; needed by %s", n.Where, join(same), by))
	}
	return lines
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
	mayBeEmpty := false
	for _, n := range needs {
		mayBeEmpty = mayBeEmpty || !app.Existing(n.From) && !n.Whole
		if app.Existing(n.From) {
			given = append(given, n.From)
		} else {
			own = append(own, n.From)
		}
	}
	var out []string
	if len(own) > 0 {
		command := fmt.Sprintf("`berth secret set %s`", strings.Join(own, " "))
		if env != app.DefaultEnvironment {
			command = fmt.Sprintf("`berth -e %s secret set %s`", env, strings.Join(own, " "))
		}
		out = append(out, command+" asks for the values; `berth secret import FILE` reads them from a file")
	}
	if mayBeEmpty {
		out = append(out, "if one may be empty: `berth secret set NAME --empty`, or NAME= in .env")
	}
	if len(given) > 0 {
		out = append(out, "make "+join(given)+" in this account and region, or correct the name")
	}
	return strings.Join(out, "; ")
}
