// Package network is the sandbox's EC2: VPCs, subnets, route tables, gateways,
// security groups and network interfaces.
//
// An EC2 consists of one type for each of these. Other services see the network
// through its View and have network interfaces in Interfaces; services that see
// new objects later than others use Late.
//
// It only imports package world. To add a kind of object, add a file, a table in
// the state and a case in tagsOf.
package network
