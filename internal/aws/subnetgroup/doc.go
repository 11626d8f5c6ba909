// Package subnetgroup is what the subnet groups of RDS and of ElastiCache have in
// common: their mark is in the description, because listing shows no tags. It may
// import internal/engine and internal/aws/gate. A third service with subnet groups
// would use it too.
package subnetgroup
