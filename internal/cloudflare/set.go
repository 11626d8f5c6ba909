package cloudflare

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/packages/pagination"

	"github.com/berthdev/berth/internal/dnsowner"
	"github.com/berthdev/berth/internal/engine"
)

// set is all records of one name and type.
type set struct {
	name, kind string
	ttl        int
	proxied    bool
	values     []string
	// ids are those of the records, in the order of values.
	ids []string
}

// zoneSets are the sets of a zone.
type zoneSets []set

// perPage is how many records a page has. Cloudflare gives more; a page of this
// size is a second's work.
const perPage = 500

// sets reads a whole zone.
func (c *Client) sets(ctx context.Context, zone string) (zoneSets, error) {
	if c == nil {
		return nil, &TokenError{}
	}
	var all zoneSets
	params := dns.RecordListParams{}
	params.ZoneID.Value, params.ZoneID.Present = zone, true
	params.PerPage.Value, params.PerPage.Present = perPage, true
	list, err := pages(func(page float64) (*pagination.V4PagePaginationArray[dns.RecordResponse], error) {
		params.Page.Value, params.Page.Present = page, true
		return c.records.List(ctx, params)
	})
	if err != nil {
		return nil, fmt.Errorf("listing the records of zone %s: %w", zone, err)
	}
	for _, r := range list {
		name, kind := strings.ToLower(r.Name), string(r.Type)
		i := slices.IndexFunc(all, func(s set) bool { return s.name == name && s.kind == kind })
		if i < 0 {
			i = len(all)
			all = append(all, set{name: name, kind: kind, ttl: int(r.TTL), proxied: r.Proxied})
		}
		all[i].values = append(all[i].values, strings.TrimSuffix(r.Content, "."))
		all[i].ids = append(all[i].ids, r.ID)
	}
	return all, nil
}

func (z zoneSets) find(name, kind string) (set, bool) {
	i := slices.IndexFunc(z, func(s set) bool { return s.name == name && s.kind == kind })
	if i < 0 {
		return set{name: name, kind: kind}, false
	}
	return z[i], true
}

// marks are the marks of all owners on a record.
func (z zoneSets) marks(name, kind string) []set {
	return slices.DeleteFunc(slices.Clone(z), func(s set) bool {
		label, marked, ok := dnsowner.Marked(s.name)
		_, _, is := dnsowner.Read(s.values)
		return s.kind != "TXT" || !ok || !is || marked != name || dnsowner.Kind(label) != kind
	})
}

// blocking are the sets that may not stand beside the wanted one, or would mix
// with it.
func (z zoneSets) blocking(name, kind string) []set {
	return slices.DeleteFunc(slices.Clone(z), func(s set) bool {
		address := func(k string) bool { return k == "A" || k == "AAAA" || k == "CNAME" }
		clash := s.kind == kind || kind == "CNAME" && address(s.kind) || s.kind == "CNAME" && address(kind)
		return s.name != name || !clash
	})
}

// same says whether two sets answer alike.
func (s set) same(o set) bool {
	a, b := slices.Sorted(slices.Values(s.values)), slices.Sorted(slices.Values(o.values))
	return slices.Equal(a, b) && s.proxied == o.proxied
}

// batch is changes that Cloudflare does as a whole or not at all: deletions come
// first.
type batch struct {
	deletes []string
	posts   []set
}

func (b *batch) remove(s set) { b.deletes = append(b.deletes, s.ids...) }

// maxComment is how long a comment may be on a free plan.
const maxComment = 100

// apply sends a batch; comment is for people.
func (c *Client) apply(ctx context.Context, zone string, b batch, comment string) error {
	if err := c.allowed(ctx); err != nil {
		return err
	}
	params := dns.RecordBatchParams{}
	params.ZoneID.Value, params.ZoneID.Present = zone, true
	for _, id := range b.deletes {
		d := dns.RecordBatchParamsDelete{}
		d.ID.Value, d.ID.Present = id, true
		params.Deletes.Value, params.Deletes.Present = append(params.Deletes.Value, d), true
	}
	for _, s := range b.posts {
		for _, v := range s.values {
			params.Posts.Value, params.Posts.Present = append(params.Posts.Value, post(s, v, comment[:min(len(comment), maxComment)])), true
		}
	}
	_, err := c.records.Batch(ctx, params)
	return err
}

func post(s set, value, comment string) dns.RecordBatchParamsPostUnion {
	p := dns.RecordBatchParamsPost{}
	p.Name.Value, p.Name.Present = s.name, true
	p.Type.Value, p.Type.Present = dns.RecordBatchParamsPostsType(s.kind), true
	p.TTL.Value, p.TTL.Present = dns.TTL(s.ttl), true
	p.Content.Value, p.Content.Present = value, true
	p.Comment.Value, p.Comment.Present = comment, true
	if s.kind != "TXT" {
		p.Proxied.Value, p.Proxied.Present = s.proxied, true
	}
	return p
}

// markSet is the TXT record of a mark.
func markSet(name string, m engine.Mark, words ...string) set {
	s := set{name: name, kind: "TXT", ttl: leastTTL}
	for _, text := range append([]string{m.String()}, words...) {
		s.values = append(s.values, dnsowner.Quoted(text))
	}
	return s
}

// leastTTL is the shortest that Cloudflare takes outside of its enterprise plan.
const leastTTL = 60
