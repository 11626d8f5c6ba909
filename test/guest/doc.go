// Package guest runs projects as guests in an account: in networks, clusters,
// behind load balancers and with roles that others made. berth uses them and
// never changes them.
//
// It may import everything. What is made for the guest is in ground_test.go.
package guest
