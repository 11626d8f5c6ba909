package sandbox

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// elbLag is how long load balancing does not see a new network object, or that
// a gateway was attached, which EC2 itself and others do already. Sources:
// "VPC vpc-... has no internet gateway" right after the attachment in
// https://github.com/openshift/installer/issues/1110 and
// https://github.com/hashicorp/terraform/issues/1283 .
func (w *World) elbLag(id string) time.Duration { return w.lag("elb", id) }

// elbSees is an object of EC2's as load balancing sees it: nil while it is new.
func elbSees[T any](rq *request, t *table[T], id string) *T {
	v := t.find(rq, id)
	if v == nil || rq.now.Before(t.Rows[id].Created.Add(rq.w.elbLag(id))) {
		return nil
	}
	return v
}

// elbSeesGateway tells whether load balancing sees a gateway that is attached to
// a VPC.
func (w *World) elbSeesGateway(rq *request, vpcID string) bool {
	g := w.ec2.gatewayOf(vpcID)
	return g != nil && !rq.now.Before(g.Attached.Add(w.elbLag(aws.ToString(g.InternetGatewayId))))
}
