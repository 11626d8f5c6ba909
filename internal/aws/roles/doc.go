// Package roles reads the roles of an environment by their path, once for all
// types: the type of roles, and types that look at a role to see whether the
// project has objects of theirs. It may import internal/engine. Look here
// before you add another call that lists roles.
package roles
