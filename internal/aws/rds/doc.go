// Package rds has the resource types of managed databases: the subnet group,
// the parameter group and the database instance.
//
// A deleted instance leaves one final snapshot, from which the next creation at
// its address restores it. The master password is read from its parameter when
// it is needed and stored nowhere.
//
// It imports engine, clock, gate, tagindex, version and subnetgroup. Another type of
// RDS is a file beside instance.go. That file is about identity and life; requests
// are built in instance_input.go, answers are read in instance_shown.go.
package rds
