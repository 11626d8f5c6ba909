package network

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Late is EC2 as seen by a service to which new objects, or the attachment of a
// gateway, become visible later than to EC2 itself and others. Load balancing
// is such a service: "VPC vpc-... has no internet gateway" right after the
// attachment in https://github.com/openshift/installer/issues/1110 and
// https://github.com/hashicorp/terraform/issues/1283 .
type Late struct {
	ec2 *EC2
	// kind is the series of the lags.
	kind string
}

// Late returns EC2 as seen by a service that lags behind; kind separates the
// lags of different services.
func (p *EC2) Late(kind string) *Late { return &Late{p, kind} }

// until returns when the service sees something that happened at a certain
// time.
func (l *Late) until(at time.Time, id string) time.Time {
	return at.Add(l.ec2.account.Lag(l.kind, id))
}

// sees returns an object as the service sees it: nil while the object is too
// new.
func sees[T any](l *Late, rq *world.Request, t *world.Table[T], id string) *T {
	v := t.Find(rq, id)
	if v == nil || rq.Now.Before(l.until(t.Rows[id].Created, id)) {
		return nil
	}
	return v
}

// FindVPC reports whether the service sees a VPC.
func (l *Late) FindVPC(rq *world.Request, id string) bool {
	return sees(l, rq, &l.ec2.s.VPCs, id) != nil
}

// FindSubnet is the VPC and the zone of a subnet; ok is false while the service
// does not see it.
func (l *Late) FindSubnet(rq *world.Request, id string) (vpcID, zone string, ok bool) {
	s := sees(l, rq, &l.ec2.s.Subnets, id)
	if s == nil {
		return "", "", false
	}
	return aws.ToString(s.VpcId), aws.ToString(s.AvailabilityZone), true
}

// FindGroup is the VPC of a security group; ok is false while the service does not
// see it.
func (l *Late) FindGroup(rq *world.Request, id string) (vpcID string, ok bool) {
	g := sees(l, rq, &l.ec2.s.Groups, id)
	if g == nil {
		return "", false
	}
	return aws.ToString(g.VpcId), true
}

// FindGateway reports whether the service sees that a VPC has an internet gateway.
func (l *Late) FindGateway(rq *world.Request, vpcID string) bool {
	g := l.ec2.s.gatewayOf(vpcID)
	return g != nil && !rq.Now.Before(l.until(g.Attached, aws.ToString(g.InternetGatewayId)))
}
