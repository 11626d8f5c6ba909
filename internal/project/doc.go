// Package project reads the input: Compose files with their overlays, .env files
// and x-berth. It returns compose-go's project, the place of each key, and the
// problems of the files. What the keys mean on AWS is for internal/app.
//
// It may import internal/suggest and the schema package. A new x-berth
// key is added to the schema and to xberth.go; a key of another tool with the same
// meaning is added to compat.go.
package project
