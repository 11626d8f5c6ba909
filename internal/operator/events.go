package operator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

const (
	// component is who the events are from.
	component = "berth.operator"
	// longestNote is the API's limit of an event's text.
	longestNote = 1024
	// actionApply is the action of events about what was changed.
	actionApply = "Apply"
	// quietFor is how long an event that was told is not told again.
	quietFor = time.Hour
)

// reporter writes Kubernetes events. Unlike client-go's recorder it has written
// the event when it returns: what is about to happen to a cluster that is taken
// over must be told before it happens.
type reporter struct {
	client client.Client
	clock  clock.Clock
	host   string

	mu   sync.Mutex
	told map[string]time.Time
}

func newReporter(c client.Client, clk clock.Clock, host string) *reporter {
	return &reporter{client: c, clock: clk, host: host, told: map[string]time.Time{}}
}

// report writes an event about an object: kind is corev1.EventTypeNormal or
// EventTypeWarning, action what was tried. The same event is told once an hour,
// but every change of AWS each time.
func (r *reporter) report(ctx context.Context, o client.Object, kind, reason, action, note string) error {
	now := r.clock.Now()
	sum := sha256.Sum256([]byte(string(o.GetUID()) + reason + note))
	key := hex.EncodeToString(sum[:8])
	if action != actionApply && !r.first(key, now) {
		return nil
	}
	if len(note) > longestNote {
		note = note[:longestNote-3] + "..."
	}
	err := r.client.Create(ctx, &eventsv1.Event{
		ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("%.200s.%x.%s", o.GetName(), now.UnixNano(), key[:4]), Namespace: o.GetNamespace(),
		},
		EventTime: metav1.NewMicroTime(now), ReportingController: component, ReportingInstance: r.host,
		Action: action, Reason: reason, Type: kind, Note: note,
		Regarding: corev1.ObjectReference{
			APIVersion: v1alpha1.GroupVersion().String(), Kind: kindOf(o), Name: o.GetName(), Namespace: o.GetNamespace(),
			UID: o.GetUID(), ResourceVersion: o.GetResourceVersion(),
		},
	})
	if err != nil {
		r.forget(key)
		return fmt.Errorf("writing an event: %w", err)
	}
	return nil
}

func (r *reporter) first(key string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, at := range r.told {
		if now.Sub(at) > quietFor {
			delete(r.told, k)
		}
	}
	if _, ok := r.told[key]; ok {
		return false
	}
	r.told[key] = now
	return true
}

func (r *reporter) forget(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.told, key)
}

func kindOf(o client.Object) string {
	if _, ok := o.(*v1alpha1.AWSProvider); ok {
		return v1alpha1.KindProvider
	}
	return v1alpha1.KindCluster
}
