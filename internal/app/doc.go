// Package app says what the user means: services, jobs, databases, ports,
// networks and settings, without AWS's types. From makes an App of a project and
// finds all that is wrong with it in one run.
//
// The stages, in the order of translate (from.go). Each takes what earlier ones
// return, and reports problems and notices to the reading that all of them have:
//
//	names         names of the stack and environment   names.go
//	settings      the file's, else the preset's        presets.go, settings_existing.go
//	keys          what the table says of each key      each_key.go
//	models        a gateway in the place of each       gateway.go
//	networks      those that services are in           networks.go
//	jobs          which services are jobs              jobs.go
//	aliases       the further names of services        aliases.go
//	workloads     service by service                   workloads.go
//	volumes       those that a workload mounts         volumes_named.go
//	checks        what does not go together            checks*.go
//
// A service goes through stages of its own, in workloads.workload: image,
// process, environment, size, security, storage, logging, labels, health, hosts,
// ports, dependencies, policies; then what a service has beyond a job (update.go).
// A managed database has a shorter way (databases.go).
//
// It may import internal/project and its own packages: keys, the table of
// Compose's keys; capacity, what tasks can run on; catalog, what is known of
// images; dockerfile; and managed, what AWS has of databases. A new key is a row
// in keys, a line in the stage of its concern, and a golden folder that the row
// names.
package app
