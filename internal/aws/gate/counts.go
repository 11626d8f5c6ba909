package gate

import (
	"cmp"
	"slices"
	"sync"
)

// Count is how often an operation was sent.
type Count struct {
	// Service is berth's short name, such as "ec2".
	Service, Operation string
	// Calls are the attempts that were sent, repetitions included.
	Calls int
}

// counter counts attempts. The zero value is ready for use.
type counter struct {
	mu    sync.Mutex
	calls map[[2]string]int
}

func (c *counter) add(service, operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[[2]string]int{}
	}
	c.calls[[2]string{service, operation}]++
}

func (c *counter) list() []Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Count, 0, len(c.calls))
	for k, n := range c.calls {
		out = append(out, Count{Service: k[0], Operation: k[1], Calls: n})
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Operation, b.Operation))
	})
	return out
}

// Total returns the number of all calls, and of those that change something.
func Total(counts []Count) (all, changing int) {
	for _, c := range counts {
		all += c.Calls
		if !IsReading(c.Operation) {
			changing += c.Calls
		}
	}
	return all, changing
}
