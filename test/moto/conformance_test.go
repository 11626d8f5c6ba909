package moto

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

// The cases in which every operation is tried, if its verb has them.
const (
	success    = "success"
	notFound   = "not found"
	duplicate  = "duplicate"  // the same call again
	dependency = "dependency" // something still uses the object, or what it needs is missing
	aside      = "aside"      // cleaning up, not compared
)

// script makes the same calls to one AWS and records its answers.
type script struct {
	ctx     context.Context
	c       *aws.Clients
	pause   func()
	answers map[string]string // "ec2.CreateVpc: success" -> "ok ..." or the error's code
	names   map[string]string // id -> name, because ids differ
}

// TestConformance compares the sandbox with moto: the same calls must give the
// same error codes and the same key fields, except for the accepted
// differences.
func TestConformance(t *testing.T) {
	t.Parallel()
	m := start(t)
	theirs := play(t, m.clients(), func() {})
	ours := playSandbox(t)
	known := differences()
	equal, cases := 0, slices.Sorted(maps.Keys(ours))
	for _, c := range cases {
		d, accepted := known[c]
		switch same := ours[c] == theirs[c]; {
		case same && accepted:
			t.Errorf("%s: no difference any more, %q: take it off the list", c, ours[c])
		case same:
			equal++
		case !accepted:
			t.Errorf("%s:\n  sandbox: %s\n  moto:    %s", c, ours[c], theirs[c])
		case d.sandbox != ours[c] || d.moto != theirs[c]:
			t.Errorf("%s: another difference than the accepted one:\n  sandbox: %s\n  moto:    %s", c, ours[c], theirs[c])
		}
	}
	for c := range known {
		if _, ok := ours[c]; !ok {
			t.Errorf("%s: accepted, but nothing tries it", c)
		}
	}
	t.Logf("%d cases: %d the same, %d accepted differences", len(cases), equal, len(known))
	mustCover(t, m, ours)
}

// mustCover takes a project through its life and checks that the script has
// every operation that moto saw, in all its cases.
func mustCover(t *testing.T, m *server, played map[string]string) {
	t.Helper()
	dir := project(t, everything("1.28"))
	m.secrets(t, dir)
	m.berth(t, dir, "up", "--yes").mustExit(t, 0)
	write(t, dir, everything("1.29"))
	for _, args := range [][]string{{"up", "--yes"}, {"plan", "--deep"}, {"infra", "status"}, {"ps"}, {"logs"}, {"down", "--yes", "--delete-data"}} {
		m.berth(t, dir, args...).mustExit(t, 0)
	}
	seen, missing := m.operations(), noSuchCase()
	for _, op := range seen {
		for _, c := range casesOf(op) {
			key := op + ": " + c
			_, ok := played[key]
			if _, without := missing[key]; !ok && !without {
				t.Errorf("%s: not in the script", key)
			}
		}
	}
	t.Logf("%d operations seen", len(seen))
}

// casesOf are the cases that an operation's verb has.
func casesOf(op string) []string {
	_, name, _ := strings.Cut(op, ".")
	starts := func(verbs ...string) bool {
		return slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(name, v) })
	}
	switch {
	case starts("Describe", "List", "Get", "Filter", "Head"):
		return []string{success, notFound}
	case starts("Delete", "Release", "Deregister", "Stop"):
		return []string{success, notFound, dependency}
	case starts("Create", "Allocate", "Register", "Run"):
		return []string{success, duplicate, dependency}
	}
	return []string{success, notFound, duplicate}
}

// playSandbox plays the script in the sandbox, where waits end at once.
func playSandbox(t *testing.T) map[string]string {
	t.Helper()
	answers := map[string]string{}
	t.Run("sandbox", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			// Long enough for everything that is under way to end.
			const settle = 5 * time.Minute
			answers = play(t, aws.NewClients(w.Config()), func() { time.Sleep(settle) })
		})
	})
	return answers
}

// play plays the script and replaces ids by names that are the same in both
// worlds.
func play(t *testing.T, c *aws.Clients, pause func()) map[string]string {
	t.Helper()
	s := &script{ctx: t.Context(), c: c, pause: pause, answers: map[string]string{}, names: map[string]string{}}
	s.all()
	ids := slices.SortedFunc(maps.Keys(s.names), func(a, b string) int { return len(b) - len(a) })
	for key, answer := range s.answers {
		for _, id := range ids {
			answer = strings.ReplaceAll(answer, id, "<"+s.names[id]+">")
		}
		s.answers[key] = answer
	}
	return s.answers
}

// try makes a call and records its error code, or the fields that show picks.
// Its result is never nil.
func try[In, Out, Options any](
	s *script, c string, call func(context.Context, *In, ...func(*Options)) (*Out, error), in *In, show func(*Out) []any,
) *Out {
	s.pause()
	typ := reflect.TypeFor[In]()
	key := serviceName(typ.PkgPath()) + "." + strings.TrimSuffix(typ.Name(), "Input") + ": " + c
	out, err := call(s.ctx, in)
	switch {
	case c == aside:
	case err != nil:
		s.answers[key] = code(err)
	case show == nil:
		s.answers[key] = "ok"
	default:
		s.answers[key] = strings.TrimSpace("ok " + text(show(out)))
	}
	if err != nil {
		return new(Out)
	}
	return out
}

// name gives an id a name that is the same in both worlds.
func (s *script) name(name string, id *string) *string {
	if id == nil {
		missing := "none-" + name
		id = &missing
	}
	s.names[*id] = name
	return id
}

func serviceName(path string) string {
	switch name := path[strings.LastIndexByte(path, '/')+1:]; name {
	case "elasticloadbalancingv2", "elasticloadbalancing":
		return "elb"
	case "applicationautoscaling", "application-autoscaling":
		return "autoscaling"
	case "elasticfilesystem":
		return "efs"
	case "servicediscovery":
		return "sd"
	case "monitoring":
		return "cloudwatch"
	case "cloudwatchlogs":
		return "logs"
	case "eventbridge":
		return "events"
	case "resourcegroupstaggingapi":
		return "tagging"
	default:
		return name
	}
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	var fault *smithyhttp.ResponseError
	if errors.As(err, &fault) {
		return fmt.Sprint("HTTP ", fault.HTTPStatusCode())
	}
	return "error " + err.Error()
}

// text prints values, following pointers.
func text(values []any) string {
	var words []string
	for _, v := range values {
		r := reflect.ValueOf(v)
		for r.Kind() == reflect.Pointer && !r.IsNil() {
			r = r.Elem()
		}
		if r.Kind() == reflect.Pointer {
			words = append(words, "-")
			continue
		}
		words = append(words, fmt.Sprint(r.Interface()))
	}
	return strings.Join(words, " ")
}

// first is the first of a list, or nothing.
func first[T any](list []T) T {
	if len(list) == 0 {
		var none T
		return none
	}
	return list[0]
}

func p[T any](v T) *T { return &v }
