package names

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The operations on records that the sandbox knows. Their inputs hold the
// requests' parameters.
type (
	// ListCloudflareRecordsInput is GET /zones/ID/dns_records.
	ListCloudflareRecordsInput struct {
		Zone          string
		Page, PerPage int
	}
	// ListCloudflareRecordsOutput is a page of records.
	ListCloudflareRecordsOutput struct {
		Records []cloudflareRecord
		Total   int
	}
	// BatchCloudflareRecordsInput is POST /zones/ID/dns_records/batch.
	BatchCloudflareRecordsInput struct {
		Zone    string                `json:"-"`
		Deletes []struct{ ID string } `json:"deletes"`
		Posts   []cloudflareRecord    `json:"posts"`
		Patches []map[string]any      `json:"patches"`
		Puts    []map[string]any      `json:"puts"`
	}
	// BatchCloudflareRecordsOutput is the result of a batch.
	BatchCloudflareRecordsOutput struct{ Deletes, Posts []cloudflareRecord }
)

// cloudflareError is a refusal with Cloudflare's number instead of AWS's code.
func cloudflareError(status, code int, format string, args ...any) error {
	return world.APIError(status, fmt.Sprint(code), format, args...)
}

func pageFrom[T any](all []T, page, size int) []T {
	from := min((max(page, 1)-1)*size, len(all))
	return all[from:min(from+size, len(all))]
}

func (z *cloudflareZone) sorted() []*cloudflareRecord {
	return slices.SortedFunc(maps.Values(z.Records), func(a, b *cloudflareRecord) int { return cmp.Compare(a.Seq, b.Seq) })
}

func (p *Cloudflare) zone(id string) (*cloudflareZone, error) {
	z := p.s.Zones[id]
	if z == nil {
		return nil, cloudflareError(http.StatusNotFound, 7003, "Could not route to /zones/%s, perhaps your object identifier is invalid?", id)
	}
	return z, nil
}

func (p *Cloudflare) listCloudflareRecords(_ *world.Request, in *ListCloudflareRecordsInput) (*ListCloudflareRecordsOutput, error) {
	z, err := p.zone(in.Zone)
	if err != nil {
		return nil, err
	}
	out := &ListCloudflareRecordsOutput{Total: len(z.Records)}
	for _, r := range pageFrom(z.sorted(), in.Page, in.PerPage) {
		out.Records = append(out.Records, *r)
	}
	return out, nil
}

// batchCloudflareRecords does all of a batch or nothing, deletions first.
// https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes/
func (p *Cloudflare) batchCloudflareRecords(rq *world.Request, in *BatchCloudflareRecordsInput) (*BatchCloudflareRecordsOutput, error) {
	z, err := p.zone(in.Zone)
	if err != nil {
		return nil, err
	}
	if len(in.Patches)+len(in.Puts) > 0 {
		return nil, cloudflareError(http.StatusBadRequest, 1004, "the sandbox knows deletes and posts")
	}
	after, out := maps.Clone(z.Records), &BatchCloudflareRecordsOutput{}
	for _, d := range in.Deletes {
		r := after[d.ID]
		if r == nil {
			return nil, cloudflareError(http.StatusBadRequest, 81044, "Record does not exist.")
		}
		out.Deletes = append(out.Deletes, *r)
		delete(after, d.ID)
	}
	for _, r := range in.Posts {
		r.Name = strings.ToLower(strings.TrimSuffix(r.Name, "."))
		if err := z.check(after, r); err != nil {
			return nil, err
		}
		r.ID, r.Seq, r.Created = p.account.NewHex("cloudflare-record", 32), p.account.Next("cloudflare-seq"), rq.Now
		after[r.ID] = &r
		out.Posts = append(out.Posts, r)
	}
	z.Records = after
	p.acm.recheck(rq.Now)
	return out, nil
}

// check refuses records that Cloudflare does not accept.
func (z *cloudflareZone) check(have map[string]*cloudflareRecord, r cloudflareRecord) error {
	if r.Name != z.Name && !strings.HasSuffix(r.Name, "."+z.Name) {
		return cloudflareError(http.StatusBadRequest, 9000, "DNS name is invalid.")
	}
	if r.TTL != 1 && (r.TTL < 60 || r.TTL > 86400) {
		return cloudflareError(http.StatusBadRequest, 9021, "TTL must be between 60 and 86400 seconds, or 1 for Automatic.")
	}
	if addr, err := netip.ParseAddr(r.Content); r.Type == "A" && (err != nil || !addr.Is4()) {
		return cloudflareError(http.StatusBadRequest, 9005, "Content for A record must be a valid IPv4 address.")
	}
	if len(r.Comment) > 100 {
		return cloudflareError(http.StatusBadRequest, 9305, "DNS record comment is too long.")
	}
	address := func(kind string) bool { return kind == "A" || kind == "AAAA" || kind == "CNAME" }
	for _, o := range have {
		if o.Name != r.Name {
			continue
		}
		if o.Type == r.Type && o.Content == r.Content {
			return cloudflareError(http.StatusBadRequest, 81058, "An identical record already exists.")
		}
		if address(o.Type) && address(r.Type) && (o.Type == "CNAME" || r.Type == "CNAME") {
			return cloudflareError(http.StatusBadRequest, 81053, "An A, AAAA, or CNAME record with that host already exists.")
		}
	}
	return nil
}

// Lookup answers for a name as the zones at Cloudflare do, with the values of its
// records of a type.
func (p *Cloudflare) Lookup(name, kind string) []string {
	name = dnsName(name)
	var out []string
	for _, z := range p.s.Zones {
		for _, r := range z.sorted() {
			if r.Name == name && r.Type == kind {
				out = append(out, r.Content)
			}
		}
	}
	return out
}
