package world

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// object is something that exists, as a dump shows it.
type object struct {
	kind, id, name string
	// stays marks what belongs to the account and outlives berth's owners.
	stays bool
	body  string
}

// Dumper collects what exists.
type Dumper struct {
	objects []object
	err     error
}

// Add adds one object: its kind, such as "ec2.vpc", its id or ARN (replaced
// by the name wherever it appears), a name that is the same in every run (a
// tag, a name, a CIDR), and its attributes, anything that JSON can write.
// Times are left out. An object with an empty name is named by its kind.
func (d *Dumper) Add(kind, id, name string, attributes any) {
	d.objects = append(d.objects, object{kind: kind, id: id, name: name, body: d.encode(attributes)})
}

// Keep is Add for objects that belong to the account and are not leftovers.
func (d *Dumper) Keep(kind, id, name string, attributes any) {
	d.Add(kind, id, name, attributes)
	d.objects[len(d.objects)-1].stays = true
}

// encode writes attributes as JSON with sorted keys, without times.
func (d *Dumper) encode(v any) string {
	b, err := json.Marshal(v)
	if err == nil {
		var tree any
		if err = json.Unmarshal(b, &tree); err == nil {
			b, err = json.Marshal(withoutTimes(tree))
		}
	}
	if err != nil && d.err == nil {
		d.err = err
	}
	return string(b)
}

// withoutTimes drops every text that is a time, and empty values.
func withoutTimes(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if x = withoutTimes(x); x == nil {
				delete(v, k)
			} else {
				v[k] = x
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		kept := v[:0]
		for _, x := range v {
			if x = withoutTimes(x); x != nil {
				kept = append(kept, x)
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case string:
		if _, err := time.Parse(time.RFC3339Nano, v); err == nil || v == "" {
			return nil
		}
	}
	return v
}

// Dump is the whole world as sorted lines of text, "<KIND/NAME> {attributes}".
// Ids are replaced by names and times are left out, so the dumps of two worlds
// are equal if the worlds are equal in everything that matters.
func (w *World) Dump() string {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	d := w.server.collect()
	named := d.names()
	lines := make([]string, len(d.objects))
	for i, o := range d.objects {
		name := named.Replace(o.id)
		if o.id == "" {
			name = "<" + o.kind + "/" + o.name + ">"
		}
		lines[i] = name + " " + d.ordered(named.Replace(o.body))
	}
	sort.Strings(lines)
	if d.err != nil {
		lines = append(lines, "dump failed: "+d.err.Error())
	}
	return strings.Join(lines, "\n") + "\n"
}

// Leftovers lists everything that exists, "KIND NAME (ID)", sorted, without
// what every account has or what belongs to it: the default VPC, service-linked
// roles, buckets, task definitions that AWS holds in deletion.
func (w *World) Leftovers() []string {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	var left []string
	for _, o := range w.server.collect().objects {
		if !o.stays {
			left = append(left, fmt.Sprintf("%s %s (%s)", o.kind, o.name, o.id))
		}
	}
	slices.Sort(left)
	return left
}

// collect runs all events that are due and asks every service.
func (s *server) collect() *Dumper {
	s.account.settle(s.account.Now())
	d := &Dumper{}
	for _, one := range s.services {
		one.Dump(d)
	}
	return d
}

// names replaces ids by names. Objects of one kind with the same name get a
// number, so that a duplicate shows. Longer ids are replaced first, because an
// ARN can contain an id.
func (d *Dumper) names() *strings.Replacer {
	type pair struct{ id, name string }
	seen := map[string]int{}
	var pairs []pair
	for _, o := range d.objects {
		name := o.kind + "/" + cmp.Or(o.name, "unnamed")
		seen[name]++
		if n := seen[name]; n > 1 {
			name = fmt.Sprintf("%s#%d", name, n)
		}
		if o.id != "" {
			pairs = append(pairs, pair{o.id, "<" + name + ">"})
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return len(b.id) - len(a.id) })
	args := make([]string, 0, 2*len(pairs))
	for _, p := range pairs {
		args = append(args, p.id, p.name)
	}
	return strings.NewReplacer(args...)
}
