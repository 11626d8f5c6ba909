package cloudflare

import (
	"context"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/dnsowner"
	"github.com/berthdev/berth/internal/engine"
)

// SetAddresses sets the values of an A record to these addresses; without addresses
// it deletes the record and leaves the mark. The mark is rewritten in the same
// batch, which fails if the mark has been deleted in the meantime.
func (t Records) SetAddresses(ctx context.Context, object engine.Object, ttl int, addresses []string) error {
	zone, name, kind := splitID(object.ID)
	all, err := t.Client.sets(ctx, zone)
	if err != nil {
		return err
	}
	mark, ok := all.find(t.markOf(object.Address.Owner, name, kind), "TXT")
	if !ok {
		return nil
	}
	have, _ := all.find(name, kind)
	var b batch
	b.remove(have)
	b.remove(mark)
	for i, v := range mark.values {
		mark.values[i] = dnsowner.Quoted(dnsowner.Unquoted(v))
	}
	b.posts = []set{{name: name, kind: kind, ttl: max(ttl, leastTTL), proxied: have.proxied, values: addresses}, mark}
	if err := t.Client.apply(ctx, zone, b, comment(object.Address.Owner)); err != nil {
		return fmt.Errorf("setting the addresses of %s: %w", name, err)
	}
	return nil
}

// Foreign says what stands where a record is wanted and does not carry its
// mark; ok is false if nothing does.
func (t Records) Foreign(ctx context.Context, a engine.Address, want Record) (values, owner string, ok bool, err error) {
	all, err := t.Client.sets(ctx, want.Zone.Value())
	if err != nil {
		return "", "", false, err
	}
	name := strings.ToLower(want.Name.Value())
	mine, _ := all.find(t.markOf(a.Owner, name, want.Kind), "TXT")
	if m, _, is := dnsowner.Read(mine.values); is && m.Address == a {
		return "", "", false, nil
	}
	for _, s := range all.blocking(name, want.Kind) {
		if want.Shared && s.same(set{values: engine.Values(want.Values), proxied: want.Proxied}) {
			continue
		}
		if marks := all.marks(name, s.kind); len(marks) > 0 {
			m, _, _ := dnsowner.Read(marks[0].values)
			owner = m.Address.Owner.String()
		}
		return strings.Join(s.values, " "), owner, true, nil
	}
	return "", "", false, nil
}
