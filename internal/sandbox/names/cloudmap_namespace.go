package names

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The default TTL of a SOA record in Cloud Map, and its maximum. Assumption:
// the console shows 15 s for new namespaces.
const defaultNegativeTTL, maxNegativeTTL = 15, 2147483647

// maxNamespaces is the quota of namespaces in a region.
const maxNamespaces = 50

// namespaces are the namespaces.
type namespaces struct {
	account    *world.Account
	s          *cloudMapState
	operations *Operations
}

func (p *namespaces) createPrivateDNSNamespace(rq *world.Request, in *sd.CreatePrivateDnsNamespaceInput) (*sd.CreatePrivateDnsNamespaceOutput, error) {
	if err := rq.Needs("route53:CreateHostedZone", "route53:GetHostedZone", "route53:ListHostedZonesByName",
		"ec2:DescribeVpcs", "ec2:DescribeRegions"); err != nil {
		return nil, err
	}
	known, mismatch := rq.Once(in.CreatorRequestId, in)
	if known != "" && !mismatch {
		return &sd.CreatePrivateDnsNamespaceOutput{OperationId: aws.String(known)}, nil
	}
	name, vpcID := strings.TrimSuffix(aws.ToString(in.Name), "."), aws.ToString(in.Vpc)
	if mismatch {
		return nil, &types.DuplicateRequest{
			Message: aws.String("The request has the CreatorRequestId of an earlier one and other parameters."), DuplicateOperationId: &known,
		}
	}
	if err := discoveryName(name, discoveryDomains); err != nil {
		return nil, err
	}
	for _, n := range p.s.Namespaces.All() {
		if strings.EqualFold(n.Name, name) && n.VPC == vpcID {
			return nil, &types.NamespaceAlreadyExists{
				Message:          aws.String(fmt.Sprintf("Namespace already exists: the VPC %s has the hosted zone %s.", vpcID, name)),
				CreatorRequestId: aws.String(n.Creator), NamespaceId: aws.String(n.ID),
			}
		}
	}
	if id := p.underWay(name, vpcID); id != "" {
		return nil, &types.DuplicateRequest{Message: aws.String("The operation is already in progress."), DuplicateOperationId: &id}
	}
	if len(p.s.Namespaces.All()) >= p.account.Quota("namespaces", maxNamespaces) {
		return nil, &types.ResourceLimitExceeded{Message: aws.String("The quota of namespaces has been reached.")}
	}
	ttl := int64(defaultNegativeTTL)
	if pr := in.Properties; pr != nil && pr.DnsProperties != nil && pr.DnsProperties.SOA != nil {
		ttl = aws.ToInt64(pr.DnsProperties.SOA.TTL)
	}
	if ttl < 0 || ttl > maxNegativeTTL {
		return nil, &types.InvalidInput{Message: aws.String("The TTL of the SOA record is out of range.")}
	}
	id := "ns-" + p.account.NewHex("namespace", 16)
	n := &namespace{
		ID: id, ARN: p.account.ARN("servicediscovery", "namespace/"+id), Name: name, VPC: vpcID,
		Description: aws.ToString(in.Description), Creator: aws.ToString(in.CreatorRequestId),
		NegativeTTL: ttl, HostedZone: "Z" + strings.ToUpper(p.account.NewHex("hosted-zone", 20)), Tags: world.TagMap(in.Tags),
	}
	o := p.operations.start(rq, types.OperationTypeCreateNamespace, id, p.account.Takes(world.NamespaceCreated))
	o.Make = n
	rq.Remember(in.CreatorRequestId, in, o.ID)
	return &sd.CreatePrivateDnsNamespaceOutput{OperationId: aws.String(o.ID)}, nil
}

// underWay returns the id of the operation that is creating a namespace.
func (p *namespaces) underWay(name, vpcID string) string {
	for _, o := range p.s.Operations.All() {
		if o.Status == types.OperationStatusPending && o.Make != nil && o.Make.Name == name && o.Make.VPC == vpcID {
			return o.ID
		}
	}
	return ""
}

func (p *namespaces) updatePrivateDNSNamespace(rq *world.Request, in *sd.UpdatePrivateDnsNamespaceInput) (*sd.UpdatePrivateDnsNamespaceOutput, error) {
	n := p.s.Namespaces.Find(rq, world.BareID(in.Id))
	if n == nil {
		return nil, noNamespace(world.BareID(in.Id))
	}
	if known, mismatch := rq.Once(in.UpdaterRequestId, in); known != "" && !mismatch {
		return &sd.UpdatePrivateDnsNamespaceOutput{OperationId: aws.String(known)}, nil
	}
	if err := p.s.free(n.Deletion, n.Change); err != nil {
		return nil, err
	}
	if in.Namespace != nil && in.Namespace.Properties != nil {
		if err := rq.Needs("route53:ChangeResourceRecordSets"); err != nil {
			return nil, err
		}
	}
	o := p.operations.start(rq, types.OperationTypeUpdateNamespace, n.ID, p.account.Takes(world.NamespaceUpdated))
	o.Namespace, n.Change = world.Clone(in.Namespace), o.ID
	rq.Remember(in.UpdaterRequestId, in, o.ID)
	return &sd.UpdatePrivateDnsNamespaceOutput{OperationId: aws.String(o.ID)}, nil
}

func (p *namespaces) deleteNamespace(rq *world.Request, in *sd.DeleteNamespaceInput) (*sd.DeleteNamespaceOutput, error) {
	if err := rq.Needs("route53:DeleteHostedZone"); err != nil {
		return nil, err
	}
	n := p.s.Namespaces.Get(world.BareID(in.Id))
	if n == nil {
		return nil, noNamespace(world.BareID(in.Id))
	}
	if err := p.s.free(n.Deletion, n.Change); err != nil {
		return nil, err
	}
	if len(p.s.servicesIn(n.ID)) > 0 {
		return nil, &types.ResourceInUse{Message: aws.String("Namespace has associated services.")}
	}
	o := p.operations.start(rq, types.OperationTypeDeleteNamespace, n.ID, p.account.Takes(world.NamespaceDeleted))
	n.Deletion = o.ID
	return &sd.DeleteNamespaceOutput{OperationId: aws.String(o.ID)}, nil
}

func (p *namespaces) getNamespace(rq *world.Request, in *sd.GetNamespaceInput) (*sd.GetNamespaceOutput, error) {
	n := p.s.Namespaces.Find(rq, world.BareID(in.Id))
	if n == nil {
		return nil, noNamespace(world.BareID(in.Id))
	}
	s := p.summary(n)
	out := &types.Namespace{
		Id: s.Id, Arn: s.Arn, Name: s.Name, Description: s.Description, Type: s.Type, CreateDate: s.CreateDate,
		Properties: s.Properties, ServiceCount: s.ServiceCount, ResourceOwner: s.ResourceOwner,
	}
	if n.Creator != "" {
		out.CreatorRequestId = aws.String(n.Creator)
	}
	return &sd.GetNamespaceOutput{Namespace: out}, nil
}

func (p *namespaces) summary(n *namespace) types.NamespaceSummary {
	return types.NamespaceSummary{
		Id: aws.String(n.ID), Arn: aws.String(n.ARN), Name: aws.String(n.Name), Description: aws.String(n.Description),
		Type: types.NamespaceTypeDnsPrivate, CreateDate: aws.Time(n.Created), ResourceOwner: aws.String(p.account.Number()),
		ServiceCount: aws.Int32(int32(len(p.s.servicesIn(n.ID)))),
		Properties: &types.NamespaceProperties{
			DnsProperties:  &types.DnsProperties{HostedZoneId: aws.String(n.HostedZone), SOA: &types.SOA{TTL: aws.Int64(n.NegativeTTL)}},
			HttpProperties: &types.HttpProperties{HttpName: aws.String(n.Name)},
		},
	}
}

func (p *namespaces) listNamespaces(rq *world.Request, in *sd.ListNamespacesInput) (*sd.ListNamespacesOutput, error) {
	var found []types.NamespaceSummary
	for _, n := range p.s.Namespaces.List(rq) {
		if p.passes(n, in.Filters) {
			found = append(found, p.summary(n))
		}
	}
	page, next, err := world.Page(found, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidInput{Message: aws.String("The NextToken is not valid.")}
	}
	return &sd.ListNamespacesOutput{Namespaces: page, NextToken: next}, nil
}

func (p *namespaces) passes(n *namespace, filters []types.NamespaceFilter) bool {
	for _, f := range filters {
		var value string
		switch f.Name {
		case types.NamespaceFilterNameType:
			value = string(types.NamespaceTypeDnsPrivate)
		case types.NamespaceFilterNameName, types.NamespaceFilterNameHttpName:
			value = n.Name
		case types.NamespaceFilterNameResourceOwner:
			value = "SELF"
		}
		if !filterHas(f.Condition, f.Values, value) {
			return false
		}
	}
	return true
}

// filterHas reports whether a value passes a Cloud Map filter.
func filterHas(condition types.FilterCondition, values []string, value string) bool {
	begins := cmp.Or(condition, types.FilterConditionEq) == types.FilterConditionBeginsWith
	return slices.ContainsFunc(values, func(v string) bool {
		return v == value || begins && strings.HasPrefix(value, v)
	})
}
