package wire

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/berthdev/berth/internal/sandbox"
)

// Front is a sandbox behind an address.
type Front struct {
	// URL is the endpoint of every service.
	URL string
	// World is what answers.
	World *sandbox.World

	ecs reflect.Value // the client

	mu      sync.Mutex
	seen    []string // the operations, in the order in which they came
	keys    []string // the access key that signed each
	victim  *os.Process
	at      int
	moment  Moment
	pending bool
}

// Moment is when a process dies: before its request takes effect, or after.
type Moment string

// The moments.
const (
	Before Moment = "before the effect"
	After  Moment = "before the answer"
)

// New puts a world on the wire until the test ends.
func New(t testing.TB, w *sandbox.World) *Front {
	t.Helper()
	cfg := w.Config()
	// The caller on the other side of the wire is the one that repeats.
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	f := &Front{World: w, ecs: reflect.ValueOf(ecs.NewFromConfig(cfg))}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.URL = server.URL
	return f
}

// Calls are the operations so far, as in "DescribeClusters", in their order.
func (f *Front) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.seen)
}

// Keys are the access keys that signed the calls, in the same order.
func (f *Front) Keys() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.keys)
}

// Count is how often each operation was called.
func (f *Front) Count() map[string]int {
	counts := map[string]int{}
	for _, op := range f.Calls() {
		counts[op]++
	}
	return counts
}

// KillAt kills the process at the given call from now on, the first is 1.
func (f *Front) KillAt(p *os.Process, call int, m Moment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.victim, f.at, f.moment, f.pending = p, len(f.seen)+call, m, true
}

// Pending says whether the process is still to be killed.
func (f *Front) Pending() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pending
}

// Spare lets the process live after all.
func (f *Front) Spare() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending = false
}

// ServeHTTP implements http.Handler.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller has gone
	}
	service, op := operation(r, body)
	dies := f.note(r, op)
	if dies == Before {
		f.kill()
		hangUp(w)
		return
	}
	if service == "sts" {
		serveSTS(w, f.World, op, body)
		return
	}
	out, err := f.call(r.Context(), op, body)
	if dies == After {
		f.kill()
		hangUp(w)
		return
	}
	respond(w, out, err)
}

func (f *Front) note(r *http.Request, op string) Moment {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, op)
	f.keys = append(f.keys, accessKey(r))
	if f.pending && len(f.seen) == f.at {
		return f.moment
	}
	return ""
}

func (f *Front) kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.victim.Kill()
	f.pending = false
}

// call hands a request to the client of the sandbox. The names of the SDK's
// fields are those of the wire but for the first letter, which encoding/json
// does not mind.
func (f *Front) call(ctx context.Context, op string, body []byte) (any, error) {
	method := f.ecs.MethodByName(op)
	if !method.IsValid() {
		return nil, &smithy.GenericAPIError{Code: "UnknownOperationException", Message: op}
	}
	in := reflect.New(method.Type().In(1).Elem())
	if err := json.Unmarshal(body, in.Interface()); err != nil {
		return nil, &smithy.GenericAPIError{Code: "SerializationException", Message: err.Error()}
	}
	// A caller that hangs up does not undo what it asked for.
	answers := method.Call([]reflect.Value{reflect.ValueOf(context.WithoutCancel(ctx)), in})
	err, _ := answers[1].Interface().(error)
	return answers[0].Interface(), err
}

func respond(w http.ResponseWriter, out any, err error) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	var api smithy.APIError
	switch {
	case err == nil:
		_ = json.NewEncoder(w).Encode(lower(reflect.ValueOf(out)))
	case errors.As(err, &api):
		status := http.StatusBadRequest
		var answer *smithyhttp.ResponseError
		if errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode >= 400 {
			status = answer.Response.StatusCode
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": api.ErrorCode(), "message": api.ErrorMessage()})
	default:
		hangUp(w) // the sandbox broke the connection
	}
}

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close()
		}
	}
}

// operation is the service and operation of a request.
func operation(r *http.Request, body []byte) (service, op string) {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return "ecs", target[strings.LastIndexByte(target, '.')+1:]
	}
	return "sts", action(body)
}

// accessKey is the one that signed a request; empty for none.
func accessKey(r *http.Request) string {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(credential, "/")
	return key
}
