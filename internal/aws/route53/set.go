package route53

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/dnsowner"
	"github.com/berthdev/berth/internal/engine"
)

// sets returns all record sets of a zone. Route 53 shows a change here as soon
// as it has accepted it.
func sets(ctx context.Context, api *route53.Client, zone string) ([]types.ResourceRecordSet, error) {
	var all []types.ResourceRecordSet
	pages := route53.NewListResourceRecordSetsPaginator(api, &route53.ListResourceRecordSetsInput{HostedZoneId: &zone})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the records of zone %s: %w", zone, err)
		}
		all = append(all, page.ResourceRecordSets...)
	}
	return all, nil
}

// find returns the record set of a name and a type; ok is false if there is
// none, or if it has a routing policy, which berth never sets.
func find(all []types.ResourceRecordSet, name string, kind types.RRType) (types.ResourceRecordSet, bool) {
	i := slices.IndexFunc(all, func(s types.ResourceRecordSet) bool {
		return bareName(aws.ToString(s.Name)) == name && s.Type == kind
	})
	if i < 0 {
		return types.ResourceRecordSet{}, false
	}
	return all[i], true
}

// markSet returns the TXT record of a mark.
func markSet(name string, m engine.Mark, words ...string) types.ResourceRecordSet {
	out := types.ResourceRecordSet{Name: &name, Type: types.RRTypeTxt, TTL: aws.Int64(markTTL)}
	for _, text := range append([]string{m.String()}, words...) {
		out.ResourceRecords = append(out.ResourceRecords, types.ResourceRecord{Value: aws.String(dnsowner.Quoted(text))})
	}
	return out
}

const markTTL = 300

// readMark reads a TXT record that markSet wrote.
func readMark(s types.ResourceRecordSet) (m engine.Mark, words []string, ok bool) {
	if _, _, ok := dnsowner.Marked(bareName(aws.ToString(s.Name))); !ok || s.Type != types.RRTypeTxt {
		return m, nil, false
	}
	var values []string
	for _, v := range s.ResourceRecords {
		values = append(values, aws.ToString(v.Value))
	}
	return dnsowner.Read(values)
}

// setOf returns the record set of a desired state; ok is false if it has no value.
func setOf(r Record, name string) (types.ResourceRecordSet, bool) {
	out := types.ResourceRecordSet{Name: aws.String(name), Type: types.RRType(r.Kind)}
	if alias := r.Alias.Value(); alias != "" {
		out.AliasTarget = &types.AliasTarget{DNSName: aws.String(alias), HostedZoneId: aws.String(r.AliasZone.Value())}
		return out, true
	}
	out.TTL = aws.Int64(int64(r.TTL))
	values := engine.Values(r.Values)
	slices.Sort(values)
	for _, v := range values {
		out.ResourceRecords = append(out.ResourceRecords, types.ResourceRecord{Value: aws.String(v)})
	}
	return out, len(values) > 0
}

// shownRecord returns a record as AWS lists it.
func shownRecord(zone, name string, s types.ResourceRecordSet) Record {
	r := Record{Zone: engine.Lit(zone), Name: engine.Lit(name), Kind: string(s.Type), TTL: int(aws.ToInt64(s.TTL))}
	if a := s.AliasTarget; a != nil {
		r.Alias = engine.Lit(strings.TrimPrefix(bareName(aws.ToString(a.DNSName)), "dualstack."))
		r.AliasZone = engine.Lit(aws.ToString(a.HostedZoneId))
	}
	for _, v := range s.ResourceRecords {
		r.Values = append(r.Values, engine.Lit(strings.TrimSuffix(aws.ToString(v.Value), ".")))
	}
	return r
}

// sameValues says whether two record sets have the same values.
func sameValues(a, b types.ResourceRecordSet) bool {
	x, y := shownRecord("", "", a), shownRecord("", "", b)
	one, other := engine.Values(x.Values), engine.Values(y.Values)
	slices.Sort(one)
	slices.Sort(other)
	return slices.Equal(one, other) && x.Alias.Value() == y.Alias.Value()
}
