package engine

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestOnceSharesAnAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := Query{Calls: &Calls{}}
		var made atomic.Int32
		results := make(chan string)
		for range 5 {
			go func() {
				v, err := Once(q, "describe", func() (string, error) {
					made.Add(1)
					time.Sleep(time.Second)
					return "answer", nil
				})
				if err != nil {
					v = err.Error()
				}
				results <- v
			}()
		}
		for range 5 {
			if v := <-results; v != "answer" {
				t.Errorf("got %q", v)
			}
		}
		if made.Load() != 1 {
			t.Errorf("%d calls", made.Load())
		}
		failure := errors.New("denied")
		for range 2 {
			if _, err := Once(q, "other", func() (int, error) { return 0, failure }); !errors.Is(err, failure) {
				t.Errorf("error %v", err)
			}
		}
		if v, err := Once(Query{}, "describe", func() (int, error) { return 1, nil }); v != 1 || err != nil {
			t.Errorf("without Calls: %d, %v", v, err)
		}
	})
}
