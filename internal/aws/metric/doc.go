// Package metric has CloudWatch's names for the metrics of services and target groups, for
// those that read them, put alarms on them and scale by them. It imports nothing of berth.
package metric
