package datachannel

import (
	"context"
	"time"
)

const (
	// resendEvery is how often messages without an acknowledgement are looked for.
	resendEvery = 20 * time.Millisecond
	// firstTimeout is how long the first message waits for its acknowledgement,
	// shortest and longest bound that of later ones.
	firstTimeout    = 200 * time.Millisecond
	shortestTimeout = 100 * time.Millisecond
	longestTimeout  = time.Second
	// shakingTimeout is how long a message of the handshake waits at least: AWS's
	// plugin never reads again if one comes twice while it opens its port.
	shakingTimeout = 2 * time.Second
	// patience is how long a message is sent again: as long as AWS's plugin does.
	patience = 5 * time.Minute
	// overtaken is how many acknowledgements of later messages say that a message
	// is lost.
	overtaken = 3
)

// sent is a message without an acknowledgement.
type sent struct {
	sequence int64
	raw      []byte
	// shaking says that it is part of the handshake.
	shaking bool
	// order counts all sendings, of all messages.
	order       int64
	first, last time.Time
	times       int
	// passed counts the acknowledgements of what was sent later.
	passed int
}

// outgoing are the messages that an end has sent.
type outgoing struct {
	next, order int64
	// waiting have no acknowledgement, in the order of their numbers.
	waiting []*sent
	// heard is when the last acknowledgement came.
	heard                time.Time
	trip, tripVariation  time.Duration
	measured             bool
	retransmissionPeriod time.Duration
}

func newOutgoing() outgoing { return outgoing{retransmissionPeriod: firstTimeout} }

func (o *outgoing) full() bool  { return len(o.waiting) >= window }
func (o *outgoing) empty() bool { return len(o.waiting) == 0 }

// add gives a message its number and returns its bytes.
func (o *outgoing) add(m *message, now time.Time) []byte {
	m.Sequence = o.next
	o.next++
	o.order++
	s := &sent{sequence: m.Sequence, raw: m.encode(), shaking: m.Kind.shaking(), order: o.order, first: now, last: now, times: 1}
	o.waiting = append(o.waiting, s)
	return s.raw
}

// acknowledge removes a message, and counts it for those that were sent before it.
// The other end keeps a bounded number of early messages: if it has one that is so much
// later, it has this one too, and only the acknowledgement was lost.
func (o *outgoing) acknowledge(sequence int64, now time.Time) {
	o.heard = now
	var found *sent
	for _, s := range o.waiting {
		if s.sequence == sequence {
			found = s
		}
	}
	if found == nil {
		return
	}
	if found.times == 1 {
		o.measure(now.Sub(found.last))
	}
	rest := o.waiting[:0]
	for _, s := range o.waiting {
		if s.order < found.order {
			s.passed++
		}
		if s != found && s.sequence+kept >= sequence {
			rest = append(rest, s)
		}
	}
	clear(o.waiting[len(rest):])
	o.waiting = rest
}

// measure adapts the time that a message waits to the time of a round trip, as RFC 6298
// does.
func (o *outgoing) measure(trip time.Duration) {
	if !o.measured {
		o.measured, o.trip, o.tripVariation = true, trip, trip/2
	} else {
		o.tripVariation += ((o.trip - trip).Abs() - o.tripVariation) / 4
		o.trip += (trip - o.trip) / 8
	}
	o.retransmissionPeriod = min(max(o.trip+4*o.tripVariation, shortestTimeout), longestTimeout)
}

// again makes all messages due, for a new connection.
func (o *outgoing) again(now time.Time) {
	for _, s := range o.waiting {
		s.last, s.passed = now.Add(-longestTimeout-patience), 0
	}
}

// due are the messages to send again now. A message that was sent again for very long
// is given up: silent says that nothing else was acknowledged since either.
func (o *outgoing) due(now time.Time) (list [][]byte, silent bool) {
	rest := o.waiting[:0]
	for _, s := range o.waiting {
		if now.Sub(s.first) > patience {
			silent = silent || o.heard.Before(s.first)
			continue
		}
		rest = append(rest, s)
		wait := min(o.retransmissionPeriod<<min(s.times-1, 5), longestTimeout)
		if s.shaking {
			wait = shakingTimeout
		}
		if now.Sub(s.last) < wait && s.passed < overtaken {
			continue
		}
		o.order++
		s.order, s.last, s.passed = o.order, now, 0
		s.times++
		list = append(list, s.raw)
	}
	clear(o.waiting[len(rest):])
	o.waiting = rest
	return list, silent
}

// resend sends messages without an acknowledgement again, until ctx ends.
func (c *Channel) resend(ctx context.Context, l *line) {
	for {
		c.mu.Lock()
		list, silent := c.out.due(c.o.Clock.Now())
		if len(list) > 0 || silent {
			c.change()
		}
		c.mu.Unlock()
		if silent {
			c.End(&SilentError{patience})
			return
		}
		for _, raw := range list {
			l.send(ctx, raw)
		}
		if c.o.Clock.Sleep(ctx, resendEvery) != nil {
			return
		}
	}
}
