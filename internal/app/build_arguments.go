package app

import "regexp"

// argumentName matches the valid names of an ARG.
var argumentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// ArgumentProblem says why a build argument cannot be passed to a build. Names
// that docker, git, ssh or a shell read from their environment are fine: no
// argument becomes an environment variable on the machine that builds.
func ArgumentProblem(name string) string {
	if !argumentName.MatchString(name) {
		return "names have letters, digits and underscores, and do not begin with a digit"
	}
	return ""
}
