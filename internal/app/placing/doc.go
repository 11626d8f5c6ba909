// Package placing says where the tasks of a service or job run: on which capacity, in
// which subnets, and with which addresses. It imports app/capacity, app/settings, app/update
// and project. Look here for what a capacity needs of its network.
package placing
