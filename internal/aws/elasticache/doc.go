// Package elasticache has the resource types of managed caches: the subnet
// group and the replication group.
//
// A deleted group leaves one final snapshot, from which the next creation at
// its address restores it. A group is reached by its security group and TLS; it
// has no password, because Compose files have none for a cache. Descriptions
// carry berth's mark, because listing shows no tags; a snapshot is recognised
// by its name.
//
// It imports engine, clock, gate, tagindex, version and subnetgroup. Another type of
// ElastiCache is a new file.
package elasticache
