package app

import "regexp"

// argumentName is what an ARG can be called.
var argumentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// ArgumentProblem says why a build argument cannot be handed to a build. Its
// name may be one that docker, git, ssh or a shell reads from its environment:
// no argument becomes a variable of any process of the machine that builds.
func ArgumentProblem(name string) string {
	if !argumentName.MatchString(name) {
		return "it is not letters, digits and underscores"
	}
	return ""
}
