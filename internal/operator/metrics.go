package operator

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// metrics are the operator's own series, beside those of the work queues.
type metrics struct {
	ready  *prometheus.GaugeVec
	synced *prometheus.GaugeVec
	calls  *prometheus.CounterVec
	took   *prometheus.HistogramVec
	waited *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	object := []string{"kind", "namespace", "name"}
	m := &metrics{
		ready: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "berth_operator_object_ready", Help: "1 if the object's condition Ready is true.",
		}, object),
		synced: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "berth_operator_object_synced", Help: "1 if AWS matches the object.",
		}, object),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "berth_aws_calls_total", Help: "AWS calls sent, including retries, by result.",
		}, []string{"service", "operation", "result"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "berth_aws_call_duration_seconds", Help: "Time until AWS answered.",
			Buckets: prometheus.ExponentialBuckets(0.01, 2, 11),
		}, []string{"service", "operation"}),
		waited: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "berth_aws_limiter_wait_seconds_total", Help: "Time that calls waited, to stay below AWS's rate limits.",
		}, []string{"service", "operation"}),
	}
	for _, c := range []prometheus.Collector{m.ready, m.synced, m.calls, m.took, m.waited} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("registering metrics: %w", err)
		}
	}
	return m, nil
}

// observe counts one attempt of a call.
func (m *metrics) observe(a gate.Attempt) {
	m.calls.WithLabelValues(a.Service, a.Operation, resultOf(a.Err)).Inc()
	m.took.WithLabelValues(a.Service, a.Operation).Observe(a.Took.Seconds())
	m.waited.WithLabelValues(a.Service, a.Operation).Add(a.Waited.Seconds())
}

func resultOf(err error) string {
	if err == nil {
		return "ok"
	}
	switch engine.ClassOf(err) {
	case engine.Throttled:
		return "throttled"
	case engine.Denied:
		return "denied"
	case engine.Expired:
		return "credentials"
	case engine.NotFound, engine.NotYet:
		return "not_found"
	case engine.Conflict:
		return "conflict"
	case engine.Unknown:
		return "no_answer"
	case engine.Terminal:
	}
	return "rejected"
}

func (m *metrics) set(kind, namespace, name string, ready, synced bool) {
	m.ready.WithLabelValues(kind, namespace, name).Set(number(ready))
	m.synced.WithLabelValues(kind, namespace, name).Set(number(synced))
}

func (m *metrics) forget(kind, namespace, name string) {
	m.ready.DeleteLabelValues(kind, namespace, name)
	m.synced.DeleteLabelValues(kind, namespace, name)
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
