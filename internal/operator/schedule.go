package operator

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

const (
	// shortestResync keeps an annotation from asking for more than AWS gives.
	shortestResync = 10 * time.Second
	// spread is how much later than asked for an object may be looked at again,
	// as a share, so that a thousand do not come at once.
	spread = 0.1
)

// resyncOf is the time between two checks of an idle object: its annotation's,
// else the operator's.
func resyncOf(o metav1.Object, standard time.Duration) time.Duration {
	if s := o.GetAnnotations()[v1alpha1.AnnotationResync]; s != "" {
		if d, err := time.ParseDuration(s); err == nil {
			return max(d, shortestResync)
		}
	}
	return standard
}

// spreadOut is d and up to a tenth more.
func spreadOut(d time.Duration, random func() float64) time.Duration {
	return d + time.Duration(random()*spread*float64(d))
}

// somewhere is between half of d and d. Objects that were all looked at at once,
// as after a start, are spread over the time, so that every reading is shared by
// as many as it can be.
func somewhere(d time.Duration, random func() float64) time.Duration {
	return d/2 + time.Duration(random()*float64(d/2))
}

// backOff doubles from 2 seconds to 5 minutes with every failure in a row.
func backOff(failures int) time.Duration {
	return min(2*time.Second<<min(max(failures-1, 0), 10), 5*time.Minute)
}
