// Package rds has the resource types of managed databases: the subnet group,
// the parameter group and the database instance.
//
// A deleted instance leaves one final snapshot, from which the next creation at
// its address restores it. The master password is read from its parameter when
// it is needed and kept nowhere.
//
// It imports engine, clock, call and tagged. Another type of RDS is a file of
// its own beside instance.go, which is about identity and life; what a request
// says stands in instance_input.go, what AWS shows in instance_shown.go.
package rds
