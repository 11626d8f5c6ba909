// Package metrics is the sandbox's CloudWatch: it answers GetMetricData from what runs in
// the modelled world. Nothing is stored: a figure follows from the time, the seed and the
// tasks that ran then.
//
// It imports world.
package metrics
