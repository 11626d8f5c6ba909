// Package app says what the user means: services, jobs, ports, networks and
// settings, without AWS's types. From makes an App of a project and finds all
// that is wrong with it in one run.
//
// It may import internal/project and nothing else of berth. How a Compose key
// is treated stands in the table of keys_*.go; what a mapped key means stands
// in the file of its concern: ports.go, health.go, jobs.go, resources.go and
// so on. A new key is a row in the table, a line in that file, and a golden
// folder that the row names.
package app
