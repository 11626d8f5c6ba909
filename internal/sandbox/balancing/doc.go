// Package balancing is the sandbox's Elastic Load Balancing: load balancers,
// listeners with rules and certificates, and target groups.
//
// The health of a target is not stored: it is computed for a point in time from
// when the target was registered, when the load balancer became active and what the
// security groups allow.
//
// It only imports package world.
package balancing
