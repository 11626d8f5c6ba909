package names

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// changeResourceRecordSets does all of a batch or nothing.
func (p *Route53) changeResourceRecordSets(rq *world.Request, in *route53.ChangeResourceRecordSetsInput) (*route53.ChangeResourceRecordSetsOutput, error) {
	id := zoneID(aws.ToString(in.HostedZoneId))
	z := p.s.Zones.Find(rq, id)
	if z == nil {
		return nil, noZone(id)
	}
	if rq.Now.Before(z.Busy) {
		return nil, &types.PriorRequestNotComplete{Message: aws.String("The request was rejected because Route 53 was still processing a prior request.")}
	}
	if in.ChangeBatch == nil || len(in.ChangeBatch.Changes) == 0 {
		return nil, invalidBatch("The batch has no changes")
	}
	sets := maps.Clone(z.Sets)
	for _, c := range in.ChangeBatch.Changes {
		if err := p.change(z, sets, c); err != nil {
			return nil, err
		}
	}
	for _, c := range in.ChangeBatch.Changes {
		if err := besideCNAME(sets, dnsName(aws.ToString(c.ResourceRecordSet.Name)), z.Name); err != nil {
			return nil, err
		}
	}
	z.Sets, z.Busy = sets, rq.Now.Add(p.account.Latency()/2)
	info := p.startChange(rq)
	p.acm.recheck(rq.Now)
	return &route53.ChangeResourceRecordSetsOutput{ChangeInfo: info}, nil
}

func invalidBatch(format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	return &types.InvalidChangeBatch{Message: aws.String("[" + text + "]"), Messages: []string{text}}
}

// change does one change of a batch.
func (p *Route53) change(z *hostedZone, sets map[string]types.ResourceRecordSet, c types.Change) error {
	s := *c.ResourceRecordSet
	name := dnsName(aws.ToString(s.Name))
	what := fmt.Sprintf("resource record set [name='%s.', type='%s']", name, s.Type)
	if name != z.Name && !strings.HasSuffix(name, "."+z.Name) {
		return invalidBatch("RRSet with DNS name %s. is not permitted in zone %s.", name, z.Name)
	}
	key := setKey(name, s.Type)
	have, exists := sets[key]
	s.Name = aws.String(name)
	switch {
	case c.Action == types.ChangeActionCreate && exists:
		return invalidBatch("Tried to create %s but it already exists", what)
	case c.Action == types.ChangeActionDelete && !exists:
		return invalidBatch("Tried to delete %s but it was not found", what)
	case c.Action == types.ChangeActionDelete:
		if !world.SameJSON(have, normalSet(s)) {
			return invalidBatch("Tried to delete %s but the values provided do not match the current values", what)
		}
		delete(sets, key)
		return nil
	}
	if err := p.checkSet(s, name); err != nil {
		return err
	}
	sets[key] = normalSet(s)
	return nil
}

// normalSet returns a record set as the sandbox stores it.
func normalSet(s types.ResourceRecordSet) types.ResourceRecordSet {
	s.Name = aws.String(dnsName(aws.ToString(s.Name)))
	s.ResourceRecords = slices.Clone(s.ResourceRecords)
	slices.SortFunc(s.ResourceRecords, func(a, b types.ResourceRecord) int { return cmp.Compare(*a.Value, *b.Value) })
	if s.AliasTarget != nil {
		a := *s.AliasTarget
		a.DNSName = aws.String(dnsName(aws.ToString(a.DNSName)))
		s.AliasTarget = &a
	}
	return s
}

// checkSet refuses record sets that Route 53 does not accept.
func (p *Route53) checkSet(s types.ResourceRecordSet, name string) error {
	if a := s.AliasTarget; a != nil {
		target := dnsName(aws.ToString(a.DNSName))
		if p.Needs.Balancers.HasName(target) {
			return nil
		}
		return invalidBatch("Tried to create an alias that targets %s., type %s in zone %s, but that target was not found", target, s.Type, aws.ToString(a.HostedZoneId))
	}
	if s.TTL == nil || len(s.ResourceRecords) == 0 {
		return invalidBatch("Invalid request: expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords]] for %s.", name)
	}
	seen := map[string]bool{}
	for _, v := range s.ResourceRecords {
		text := aws.ToString(v.Value)
		addr, err := netip.ParseAddr(text)
		switch {
		case seen[text]:
			return invalidBatch("Duplicate Resource Record: '%s'", text)
		case s.Type == types.RRTypeA && (err != nil || !addr.Is4()):
			return invalidBatch("Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '%s''", text)
		case s.Type == types.RRTypeTxt && (!strings.HasPrefix(text, `"`) || !strings.HasSuffix(text, `"`)):
			return invalidBatch("Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with '%s''", text)
		}
		seen[text] = true
	}
	return nil
}

// besideCNAME refuses a CNAME beside other records of the name.
func besideCNAME(sets map[string]types.ResourceRecordSet, name, zone string) error {
	if _, ok := sets[setKey(name, types.RRTypeCname)]; !ok {
		return nil
	}
	if name == zone {
		return invalidBatch("RRSet of type CNAME with DNS name %s. is not permitted at apex in zone %s.", name, zone)
	}
	for key := range sets {
		if at, kind, _ := strings.Cut(key, " "); at == name && kind != string(types.RRTypeCname) {
			return invalidBatch("RRSet of type CNAME with DNS name %s. is not permitted as it conflicts with other records with the same DNS name in zone %s.", name, zone)
		}
	}
	return nil
}

func (p *Route53) listResourceRecordSets(rq *world.Request, in *route53.ListResourceRecordSetsInput) (*route53.ListResourceRecordSetsOutput, error) {
	id := zoneID(aws.ToString(in.HostedZoneId))
	z := p.s.Zones.Find(rq, id)
	if z == nil {
		return nil, noZone(id)
	}
	order := func(s types.ResourceRecordSet) string { return reversed(*s.Name) + " " + string(s.Type) }
	all := slices.SortedFunc(maps.Values(z.Sets), func(a, b types.ResourceRecordSet) int { return cmp.Compare(order(a), order(b)) })
	if in.StartRecordName != nil {
		from := reversed(dnsName(*in.StartRecordName)) + " " + string(in.StartRecordType)
		all = slices.DeleteFunc(all, func(s types.ResourceRecordSet) bool { return order(s) < from })
	}
	most := 300
	if in.MaxItems != nil {
		most = min(most, int(*in.MaxItems))
	}
	out := &route53.ListResourceRecordSetsOutput{MaxItems: aws.Int32(int32(most))}
	if len(all) > most {
		out.IsTruncated, out.NextRecordName, out.NextRecordType = true, shownDNSName(*all[most].Name), all[most].Type
		all = all[:most]
	}
	for _, s := range all {
		s.Name = shownDNSName(*s.Name)
		if s.AliasTarget != nil {
			a := *s.AliasTarget
			a.DNSName = aws.String(*a.DNSName + ".")
			s.AliasTarget = &a
		}
		out.ResourceRecordSets = append(out.ResourceRecordSets, s)
	}
	return out, nil
}
