// Package autoscaling is the sandbox's Application Auto Scaling for ECS services,
// with the part of CloudWatch that target tracking needs: the metrics of services, a
// minute each, and the two alarms of each policy.
//
// A service has load only if a test gives it some (SetLoad). Without load there are
// no data points, and nothing scales, as in AWS with insufficient data.
//
// It only imports package world; needs.go has what it needs from other services.
package autoscaling
