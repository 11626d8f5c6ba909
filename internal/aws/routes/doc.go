// Package routes reads where the subnets of a VPC send packets for the internet.
package routes
