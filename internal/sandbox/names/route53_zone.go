package names

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxZones is the quota of hosted zones of an account.
const maxZones = 500

func (p *Route53) createHostedZone(rq *world.Request, in *route53.CreateHostedZoneInput) (*route53.CreateHostedZoneOutput, error) {
	name := dnsName(aws.ToString(in.Name))
	if !strings.Contains(name, ".") || in.VPC != nil {
		return nil, &types.InvalidDomainName{Message: aws.String("the sandbox makes public zones of at least two labels")}
	}
	for _, z := range p.s.Zones.All() {
		if z.Caller == aws.ToString(in.CallerReference) {
			return nil, world.WithStatus(http.StatusConflict, &types.HostedZoneAlreadyExists{
				Message: aws.String("A hosted zone has already been created with the specified caller reference."),
			})
		}
	}
	if len(p.s.Zones.All()) >= p.account.Quota("hosted zones", maxZones) {
		return nil, &types.TooManyHostedZones{Message: aws.String("Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER")}
	}
	z := p.addZone(rq.Now, name, aws.ToString(in.CallerReference))
	if in.HostedZoneConfig != nil {
		z.Comment = aws.ToString(in.HostedZoneConfig.Comment)
	}
	return &route53.CreateHostedZoneOutput{
		HostedZone: shownZone(z), DelegationSet: &types.DelegationSet{NameServers: z.Servers},
		ChangeInfo: p.startChange(rq), Location: aws.String("https://route53.amazonaws.com/2013-04-01/hostedzone/" + z.ID),
	}, nil
}

// GiveZone makes a public zone of a name, unless the account has one.
func (p *Route53) GiveZone(name string) {
	name = dnsName(name)
	for _, z := range p.s.Zones.All() {
		if z.Name == name {
			return
		}
	}
	p.addZone(p.account.Now().Add(-time.Hour), name, "given "+name)
}

// addZone makes a zone with its servers.
func (p *Route53) addZone(now time.Time, name, caller string) *hostedZone {
	z := &hostedZone{
		ID: "Z" + strings.ToUpper(p.account.NewHex("public-zone", 20)), Name: name, Caller: caller,
		Tags: map[string]string{}, Sets: map[string]types.ResourceRecordSet{},
	}
	ns := types.ResourceRecordSet{Name: aws.String(name), Type: types.RRTypeNs, TTL: aws.Int64(172800)}
	for i, tld := range []string{"com", "net", "org", "co.uk"} {
		n := int(p.account.Hash("servers", z.ID)[i])
		server := fmt.Sprintf("ns-%d.awsdns-%02d.%s", n+512*i, n%64, tld)
		z.Servers = append(z.Servers, server)
		ns.ResourceRecords = append(ns.ResourceRecords, types.ResourceRecord{Value: aws.String(server + ".")})
	}
	z.Sets[setKey(name, types.RRTypeNs)] = ns
	z.Sets[setKey(name, types.RRTypeSoa)] = types.ResourceRecordSet{
		Name: aws.String(name), Type: types.RRTypeSoa, TTL: aws.Int64(900),
		ResourceRecords: []types.ResourceRecord{{Value: aws.String(z.Servers[0] + ". awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400")}},
	}
	p.s.Zones.Put(p.account, now, z.ID, z)
	return z
}

func shownZone(z *hostedZone) *types.HostedZone {
	return &types.HostedZone{
		Id: aws.String("/hostedzone/" + z.ID), Name: shownDNSName(z.Name), CallerReference: aws.String(z.Caller),
		Config:                 &types.HostedZoneConfig{Comment: aws.String(z.Comment)},
		ResourceRecordSetCount: aws.Int64(int64(len(z.Sets))),
	}
}

func (p *Route53) getHostedZone(_ *world.Request, in *route53.GetHostedZoneInput) (*route53.GetHostedZoneOutput, error) {
	z := p.s.Zones.Get(zoneID(aws.ToString(in.Id)))
	if z == nil {
		return nil, noZone(aws.ToString(in.Id))
	}
	return &route53.GetHostedZoneOutput{HostedZone: shownZone(z), DelegationSet: &types.DelegationSet{NameServers: z.Servers}}, nil
}

func (p *Route53) deleteHostedZone(rq *world.Request, in *route53.DeleteHostedZoneInput) (*route53.DeleteHostedZoneOutput, error) {
	z := p.s.Zones.Get(zoneID(aws.ToString(in.Id)))
	if z == nil {
		return nil, noZone(aws.ToString(in.Id))
	}
	if len(z.Sets) > 2 {
		return nil, &types.HostedZoneNotEmpty{Message: aws.String("The specified hosted zone contains non-required resource record sets and so cannot be deleted.")}
	}
	p.s.Zones.Remove(rq.Now, z.ID)
	return &route53.DeleteHostedZoneOutput{ChangeInfo: p.startChange(rq)}, nil
}

func (p *Route53) updateHostedZoneComment(_ *world.Request, in *route53.UpdateHostedZoneCommentInput) (*route53.UpdateHostedZoneCommentOutput, error) {
	z := p.s.Zones.Get(zoneID(aws.ToString(in.Id)))
	if z == nil {
		return nil, noZone(aws.ToString(in.Id))
	}
	z.Comment = aws.ToString(in.Comment)
	return &route53.UpdateHostedZoneCommentOutput{HostedZone: shownZone(z)}, nil
}

// listed returns the zones of the account, including those of Cloud Map.
func (p *Route53) listed(rq *world.Request) []types.HostedZone {
	var all []types.HostedZone
	for _, z := range p.s.Zones.List(rq) {
		all = append(all, *shownZone(z))
	}
	for _, n := range p.cloudMap.s.Namespaces.List(rq) {
		all = append(all, types.HostedZone{
			Id: aws.String("/hostedzone/" + n.HostedZone), Name: shownDNSName(n.Name), CallerReference: aws.String(n.ID),
			Config: &types.HostedZoneConfig{PrivateZone: true, Comment: aws.String(n.Description)},
			LinkedService: &types.LinkedService{
				ServicePrincipal: aws.String("servicediscovery.amazonaws.com"),
				Description:      aws.String(n.ARN),
			},
		})
	}
	return all
}

func (p *Route53) listHostedZones(rq *world.Request, in *route53.ListHostedZonesInput) (*route53.ListHostedZonesOutput, error) {
	page, next, err := world.Page(p.listed(rq), in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, &types.InvalidInput{Message: aws.String("The marker is not valid.")}
	}
	return &route53.ListHostedZonesOutput{HostedZones: page, IsTruncated: next != nil, NextMarker: next, MaxItems: aws.Int32(100)}, nil
}

func (p *Route53) listHostedZonesByName(rq *world.Request, in *route53.ListHostedZonesByNameInput) (*route53.ListHostedZonesByNameOutput, error) {
	all := p.listed(rq)
	key := func(z types.HostedZone) string {
		return reversed(dnsName(*z.Name)) + " " + zoneID(*z.Id)
	}
	slices.SortFunc(all, func(a, b types.HostedZone) int { return cmp.Compare(key(a), key(b)) })
	if in.DNSName != nil {
		from := reversed(dnsName(*in.DNSName)) + " " + zoneID(aws.ToString(in.HostedZoneId))
		all = slices.DeleteFunc(all, func(z types.HostedZone) bool { return key(z) < from })
	}
	most := 100
	if in.MaxItems != nil {
		most = int(*in.MaxItems)
	}
	out := &route53.ListHostedZonesByNameOutput{MaxItems: aws.Int32(int32(most)), DNSName: in.DNSName}
	if len(all) > most {
		out.IsTruncated = true
		out.NextDNSName, out.NextHostedZoneId = all[most].Name, aws.String(zoneID(*all[most].Id))
		all = all[:most]
	}
	out.HostedZones = all
	return out, nil
}

func (p *Route53) changeTagsForResource(_ *world.Request, in *route53.ChangeTagsForResourceInput) (*route53.ChangeTagsForResourceOutput, error) {
	z := p.s.Zones.Get(zoneID(aws.ToString(in.ResourceId)))
	if z == nil {
		return nil, noZone(aws.ToString(in.ResourceId))
	}
	maps.Copy(z.Tags, world.TagMap(in.AddTags))
	for _, k := range in.RemoveTagKeys {
		delete(z.Tags, k)
	}
	return &route53.ChangeTagsForResourceOutput{}, nil
}

func (p *Route53) listTagsForResource(_ *world.Request, in *route53.ListTagsForResourceInput) (*route53.ListTagsForResourceOutput, error) {
	z := p.s.Zones.Get(zoneID(aws.ToString(in.ResourceId)))
	if z == nil {
		return nil, noZone(aws.ToString(in.ResourceId))
	}
	set := &types.ResourceTagSet{
		ResourceId: aws.String(z.ID), ResourceType: types.TagResourceTypeHostedzone, Tags: world.TagList[types.Tag](z.Tags),
	}
	return &route53.ListTagsForResourceOutput{ResourceTagSet: set}, nil
}

// startChange starts propagating a change to all name servers.
func (p *Route53) startChange(rq *world.Request) *types.ChangeInfo {
	c := &dnsChange{
		ID: "C" + strings.ToUpper(p.account.NewHex("dns-change", 20)), At: rq.Now, Insync: rq.Now.Add(p.account.Takes(world.ChangeInsync)),
	}
	p.s.Changes.Put(p.account, rq.Now, c.ID, c)
	return p.changeInfo(rq, c)
}

func (p *Route53) changeInfo(rq *world.Request, c *dnsChange) *types.ChangeInfo {
	status := types.ChangeStatusPending
	if !rq.Now.Before(c.Insync) {
		status = types.ChangeStatusInsync
	}
	return &types.ChangeInfo{Id: aws.String("/change/" + c.ID), Status: status, SubmittedAt: aws.Time(c.At)}
}

func (p *Route53) getChange(rq *world.Request, in *route53.GetChangeInput) (*route53.GetChangeOutput, error) {
	c := p.s.Changes.Get(zoneID(aws.ToString(in.Id)))
	if c == nil {
		return nil, world.WithStatus(http.StatusNotFound, &types.NoSuchChange{
			Message: aws.String("A change with the specified change ID does not exist: " + strconv.Quote(aws.ToString(in.Id))),
		})
	}
	return &route53.GetChangeOutput{ChangeInfo: p.changeInfo(rq, c)}, nil
}
