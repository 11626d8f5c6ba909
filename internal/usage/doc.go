// Package usage reads how busy the services of a project are, from CloudWatch: cpu and
// memory of ECS, and requests, errors and times of the load balancer. These metrics are
// there without Container Insights. It changes nothing.
package usage
