// Package project reads the input: Compose files with their overlays, .env
// files and x-berth. It gives what compose-go makes of them, where each key
// stands, and what is wrong with them. What the keys mean on AWS is not its
// concern: that is internal/app.
//
// It may import internal/suggest and the schema package. A new x-berth
// key is added to the schema and to xberth.go; a key of another tool that
// means the same is added to compat.go.
package project
