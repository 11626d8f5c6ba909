// Package roles reads the roles of an environment, which are found by their
// path, once for all types: the roles' own, and those that learn from a role
// whether there is anything of theirs. It may import internal/engine. Poll here
// before adding another call that lists roles.
package roles
