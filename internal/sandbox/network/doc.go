// Package network is the sandbox's EC2: VPCs, subnets, route tables, gateways,
// security groups and network interfaces.
//
// An EC2 is made of one type for each of these. Other services see the network
// through its View, have network interfaces in Interfaces, and, if they learn of
// new objects later than others do, see it through Late.
//
// It imports package world only. Where to add to it: a kind of object is a file,
// with a table in the state and a case in tagsOf.
package network
