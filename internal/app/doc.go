// Package app is the meaning of a project: services, jobs, databases, ports,
// networks and settings, without AWS's types. From makes an App from a project and
// finds all of its problems in one run.
//
// The stages, in the order of translate (from.go). Each takes the results of
// earlier ones, and reports problems and notices to the reading that all share:
//
//	names         names of the stack and environment   names.go
//	settings      the file's, else the preset's        presets.go, settings_existing.go
//	keys          the table's notices and refusals     each_key.go
//	models        replaced by gateways                 the package gateway
//	networks      those that services are in           networks.go
//	jobs          which services are jobs              jobs.go
//	aliases       the further names of services        aliases.go
//	workloads     service by service                   workloads.go
//	volumes       those that a workload mounts         volumes_named.go
//	checks        conflicts in the App as a whole      checks*.go
//
// A service goes through stages of its own, in workloads.workload: image,
// process, environment, size, security, storage, logging, labels, health, hosts,
// ports, dependencies, policies; then what only services have (update.go).
// Managed databases take a shorter path (databases.go).
//
// It may import internal/project and its own packages: keys, the table of
// Compose's keys; capacity, what tasks can run on; catalog, facts about images;
// dockerfile; managed, the databases that AWS has; schedule, when jobs run;
// settings, with their presets;
// gateway, for models; giturl, for builds; and overlay, the text of what it
// offers. A new key is a row in keys, a line in the stage that it belongs to, and a
// golden folder that the row names.
package app
