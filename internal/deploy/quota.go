package deploy

import (
	"context"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// QuotaError says, before anything is created, which quotas of the account the
// plan would exceed.
type QuotaError struct{ Problems []aws.QuotaProblem }

func (e *QuotaError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return "the plan exceeds the account's quotas:\n  " + strings.Join(lines, "\n  ")
}

// Remedy is what the user can do.
func (e *QuotaError) Remedy() string {
	return "ask for more in the Service Quotas console, or remove what is not needed; nothing was created"
}

// checkQuotas compares what the plan creates with what the account may have.
func (p *Plan) checkQuotas(ctx context.Context) error {
	needs := p.needs()
	if needs == (aws.Needs{}) {
		return nil
	}
	needs.HaveVPCs, needs.HaveGateways = p.vpcs, p.gateways
	problems, err := p.session.clients.CheckQuotas(ctx, needs)
	if err != nil {
		return fmt.Errorf("checking the quotas: %w", err)
	}
	if len(problems) > 0 {
		return &QuotaError{Problems: problems}
	}
	return nil
}

// needs adds up what the plan creates. A service's first task runs on demand
// in every preset; the further ones may run on Spot.
func (p *Plan) needs() aws.Needs {
	var n aws.Needs
	for _, a := range p.Actions {
		node := p.Graph.Node(a.Address)
		if node == nil || a.Verb != engine.VerbCreate && a.Verb != engine.VerbReplace {
			continue
		}
		switch r := node.Resource.(type) {
		case ec2.VPC:
			n.VPCs++
		case ec2.InternetGateway:
			n.Gateways++
		case ec2.ElasticIP:
			n.Addresses++
		case ecs.Service:
			if svc, ok := p.session.app.Service(a.Address.Name); ok {
				addVCPU(&n, svc, r)
			}
		}
	}
	return n
}

func addVCPU(n *aws.Needs, svc app.Service, r ecs.Service) {
	if svc.Capacity != "" {
		return
	}
	each := float64(svc.CPU) / 1024
	onDemand := r.Count()
	for _, item := range r.Strategy {
		if item.Provider == "FARGATE_SPOT" && item.Weight > 0 {
			onDemand = min(1, r.Count())
		}
	}
	n.FargateVCPU += each * float64(onDemand)
	n.SpotVCPU += each * float64(r.Count()-onDemand)
}
