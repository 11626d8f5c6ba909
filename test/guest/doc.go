// Package guest runs projects as guests in an account: in networks, clusters,
// behind load balancers and with roles that others made. berth uses them and
// never changes them.
//
// It may import everything. ground_test.go makes the objects for the guest.
package guest
