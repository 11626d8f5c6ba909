package progress

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/terminal"
)

// jsonLines writes each event as one JSON object.
type jsonLines struct {
	o  Options
	mu sync.Mutex
}

// jsonVersion is the version of the lines.
const jsonVersion = 1

// jsonLine is the stable form of an event; fields are only ever added.
type jsonLine struct {
	Version int       `json:"version"`
	Time    time.Time `json:"time,omitzero"`
	Event   string    `json:"event"`
	Owner   string    `json:"owner,omitempty"`
	Address string    `json:"address,omitempty"`
	Verb    string    `json:"verb,omitempty"`
	ID      string    `json:"id,omitempty"`
	Detail  string    `json:"detail,omitempty"`
	Seconds float64   `json:"seconds,omitempty"`
	Error   string    `json:"error,omitempty"`
}

func newJSONLines(o Options) *jsonLines { return &jsonLines{o: o} }

// Event implements Renderer.
func (j *jsonLines) Event(e engine.Event) {
	l := jsonLine{
		Time: e.Time.UTC(), Event: string(e.Kind), Verb: string(e.Verb), ID: e.ID,
		Detail: e.Detail, Seconds: e.Elapsed.Seconds(),
	}
	if !e.Address.IsZero() {
		l.Owner, l.Address = e.Address.Owner.String(), e.Address.String()
	}
	if e.Err != nil {
		l.Error = e.Err.Error()
	}
	j.write(l)
}

// Say implements Renderer.
func (j *jsonLines) Say(text string) {
	j.write(jsonLine{Time: nowOf(j.o), Event: "note", Detail: strings.TrimSpace(text)})
}

// Stopping implements Renderer.
func (j *jsonLines) Stopping(text string) {
	j.write(jsonLine{Time: nowOf(j.o), Event: "stopping", Detail: text})
}

func (j *jsonLines) write(l jsonLine) {
	l.Version = jsonVersion
	data, err := json.Marshal(l)
	if err != nil {
		return // nothing in a line can fail to encode
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	writeLine(j.o.Out, terminal.Clean(string(data)))
}

// Close implements Renderer.
func (j *jsonLines) Close() {}

var _ Renderer = (*jsonLines)(nil)
