package crash

import (
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestEveryMissingMember removes one member at a time from the answers of every
// operation that berth calls, and then all of them at once: an answer without a
// body. Nothing panics and the lock is released. If the types rely on the
// member, the run ends normally, or its error names the call and the missing
// member; AWS may leave out other members, as it does with empty lists.
//
// BERTH_ANSWERS=all removes every member of every answer in every story;
// otherwise each operation loses its body, one needed member and a sample of
// the others.
func TestEveryMissingMember(t *testing.T) {
	t.Parallel()
	done := map[string]bool{}
	for _, s := range stories(t, "dns")[:3] {
		p := prepare(t, s, 1)
		seen := p.members(t)
		for _, op := range slices.Sorted(maps.Keys(seen)) {
			for path := range maps.Keys(seen[op]) {
				needed := needs(op, path)
				if !chosen(op, path, needed) || done[op+path] && !all() {
					continue
				}
				done[op+path] = true
				t.Run(fmt.Sprintf("%s/%s/%s", p.name, op, path), func(t *testing.T) {
					t.Parallel()
					p.without(t, op, path, needed)
				})
			}
		}
	}
}

// whole stands for an answer without a body.
const whole = "body"

// needs says whether the types rely on a member of an operation's answers.
func needs(op, path string) bool {
	i := strings.LastIndex(op, " ")
	for _, m := range gate.Members(op[:i], op[i+1:]) {
		if m = strings.ReplaceAll(m, "[1]", "[]"); path == whole && !strings.Contains(m, "[]") || m == path ||
			strings.HasPrefix(m, path+".") {
			return true
		}
	}
	return false
}

// chosen says whether this run of the tests removes a member.
func chosen(op, path string, needed bool) bool {
	sample := uint32(60)
	if needed {
		sample = 3
	}
	if all() || path == whole && needed {
		return true
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(op + path))
	return h.Sum32()%sample == 0
}

func all() bool { return os.Getenv("BERTH_ANSWERS") == "all" }

// members are the members that the answers of a story have, by operation.
func (p prepared) members(t *testing.T) map[string]map[string]bool {
	t.Helper()
	seen := map[string]map[string]bool{}
	synctest.Test(t, func(t *testing.T) {
		b := p.begin(t)
		var mu sync.Mutex
		b.World.Inject(func(c sandbox.Call) sandbox.Fault {
			return sandbox.Fault{Alter: func(out any) {
				mu.Lock()
				defer mu.Unlock()
				op := c.Service + " " + c.Operation
				if seen[op] == nil {
					seen[op] = map[string]bool{whole: true}
				}
				walk(reflect.ValueOf(out), "", func(path string, _ reflect.Value) { seen[op][path] = true })
			}}
		})
		if _, err := b.Run(t.Context(), p.app, p.req); err != nil {
			t.Fatal(err)
		}
	})
	return seen
}

// walk visits every member that an answer has. All elements of a list have the
// same path; elements of maps are left alone.
func walk(v reflect.Value, path string, visit func(path string, v reflect.Value)) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || f.Name == "ResultMetadata" || v.Field(i).IsZero() {
				continue
			}
			at := strings.TrimPrefix(path+"."+f.Name, ".")
			walk(v.Field(i), at, visit)
			visit(at, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), path+"[]", visit)
		}
	default:
	}
}

// without runs the story with answers that lack a member.
func (p prepared) without(t *testing.T, op, path string, needed bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := p.begin(t)
		b.World.Inject(func(c sandbox.Call) sandbox.Fault {
			if c.Service+" "+c.Operation != op {
				return sandbox.Fault{}
			}
			return sandbox.Fault{Alter: func(out any) {
				if path == whole {
					reflect.ValueOf(out).Elem().SetZero()
					return
				}
				walk(reflect.ValueOf(out), "", func(at string, v reflect.Value) {
					if at == path {
						v.SetZero()
					}
				})
			}}
		})
		_, err := b.Run(t.Context(), p.app, p.req)
		b.World.Inject(nil)
		var panicked *concurrent.PanicError
		if errors.As(err, &panicked) {
			t.Fatalf("%v\n%s", err, panicked.Stack)
		}
		p.unlocked(t, b)
		if !needed || named(err) {
			return
		}
		if err != nil {
			t.Fatalf("does not say what was missing: %v", err)
		}
		if got, want := anywhere(settled(b)), anywhere(p.want); got != want {
			t.Errorf("the world differs:\n%s", differences(want, got))
		}
	})
}

// home matches the subnet that RDS chose for a database; a repeated call may
// choose another one of the group.
var home = regexp.MustCompile(`(<ec2.network-interface/RDSNetworkInterface>.*private-)[a-z]`)

func anywhere(world string) string { return home.ReplaceAllString(world, "${1}X") }

// named says whether an error is about an answer with a missing member.
func named(err error) bool {
	var incomplete *gate.IncompleteError
	return errors.As(err, &incomplete)
}

// unlocked fails if an owner's lock is still held.
func (p prepared) unlocked(t *testing.T, b *bed.Bed) {
	t.Helper()
	s, err := b.Start(t.Context(), p.app)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []engine.Owner{s.Environment(), s.Stack()} {
		seen, err := s.Locker().Peek(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if seen.Record.Holder != nil {
			t.Errorf("%s is still locked", o)
		}
	}
}
