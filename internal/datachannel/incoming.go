package datachannel

// incoming are the messages that an end has received.
type incoming struct {
	// expected is the number of the next message of the stream.
	expected int64
	// early came before their turn, ready wait to be read.
	early map[int64]Part
	ready []Part
	bytes int
}

func newIncoming() incoming { return incoming{early: map[int64]Part{}} }

// full says that others have to be read before a new message is kept.
func (i *incoming) full() bool { return i.bytes >= keptBytes || len(i.early)+len(i.ready) >= kept }

// take keeps a message, and says whether it is to be acknowledged: a new one that there
// is room for, or one that came before.
func (i *incoming) take(m message) bool {
	_, there := i.early[m.Sequence]
	switch {
	case m.Sequence < i.expected || there:
		return true
	case i.full() && (m.Sequence > i.expected || len(i.ready) > 0):
		return false
	case m.Sequence > i.expected:
		i.bytes += len(m.Payload)
		i.early[m.Sequence] = Part{m.Kind, m.Payload}
		return true
	}
	i.bytes += len(m.Payload)
	i.push(Part{m.Kind, m.Payload})
	for {
		p, ok := i.early[i.expected]
		if !ok {
			return true
		}
		delete(i.early, i.expected)
		i.push(p)
	}
}

func (i *incoming) push(p Part) {
	i.ready = append(i.ready, p)
	i.expected++
}

// next takes the next part; ok is false if there is none.
func (i *incoming) next() (p Part, ok bool) {
	if len(i.ready) == 0 {
		return p, false
	}
	p = i.ready[0]
	i.ready[0] = Part{}
	i.ready = i.ready[1:]
	i.bytes -= len(p.Payload)
	return p, true
}
