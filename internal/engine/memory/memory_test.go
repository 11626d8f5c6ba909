package memory

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
		m := &Memory{}
		var made atomic.Int32
		results := make(chan string)
		for range 5 {
			go func() {
				v, err := Once(m, "describe", func() (string, error) {
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
			if _, err := Once(m, "other", func() (int, error) { return 0, failure }); !errors.Is(err, failure) {
				t.Errorf("error %v", err)
			}
		}
		if v, err := Once(nil, "describe", func() (int, error) { return 1, nil }); v != 1 || err != nil {
			t.Errorf("without a memory: %d, %v", v, err)
		}
	})
}

func TestWhatAMemoryKeeps(t *testing.T) {
	t.Parallel()
	one, other := &Memory{}, &Memory{}
	if _, err := Once(one, "listed", func() (int, error) { return 7, nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := Once(one, "refused", func() (int, error) { return 8, errors.New("denied") }); err == nil {
		t.Error("a refusal became an answer")
	}
	Tell(one, "told", 1)
	Tell(one, "told", 2)
	Tell(nil, "told", 3)
	_, _ = one.claim("asked and not answered")
	for _, tt := range []struct {
		r    *Memory
		key  string
		want int
		ok   bool
	}{
		{one, "listed", 7, true}, {one, "told", 2, true}, {one, "refused", 0, false},
		{one, "asked and not answered", 0, false}, {one, "anything else", 0, false},
		{other, "told", 0, false}, {other, "listed", 0, false}, {nil, "told", 0, false},
	} {
		if got, ok := Recall[int](tt.r, tt.key); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %d, %v; want %d, %v", tt.key, got, ok, tt.want, tt.ok)
		}
	}
	if _, ok := Recall[string](one, "told"); ok {
		t.Error("a number was recalled as a text")
	}
}
