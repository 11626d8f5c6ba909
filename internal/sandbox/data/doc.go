// Package data is the sandbox's databases and caches: RDS and ElastiCache.
//
// Hosts finds them by the names and addresses that tasks connect to. The databases
// have no content: a snapshot is the record of the instance that it was taken of.
//
// It imports package world only.
package data
