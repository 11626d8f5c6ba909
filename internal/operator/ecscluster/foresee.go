package ecscluster

import (
	"context"
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
	"github.com/berthdev/berth/internal/operator/manifests"
)

// Foreseen is what the operator would do for one ECSCluster.
type Foreseen struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Cluster is the cluster's name in AWS, Account and Region where it is.
	Cluster string `json:"cluster"`
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	// Whose says in a few words who owns the cluster now.
	Whose string `json:"whose,omitempty"`
	// Plan is what would be done; nil when nothing would, for the reason Stays.
	Plan  *engine.Plan `json:"plan,omitempty"`
	Stays string       `json:"stays,omitempty"`
	// Notes are what else to know before.
	Notes []string `json:"notes"`
}

// Foreseer shows what the operator would do with manifests. It reads AWS with
// the caller's own credentials, needs no Kubernetes and changes nothing.
type Foreseer struct {
	// Connector signs in to AWS.
	Connector account.Connector
	// Region is used for clusters without another source for it.
	Region string

	accounts *account.Accounts
}

// Foresee looks at every cluster of the manifests. The error is for what keeps
// it from looking at all; a single cluster's trouble is Foreseen.Stays.
func (f *Foreseer) Foresee(ctx context.Context, m manifests.Objects) ([]Foreseen, error) {
	f.accounts = account.New(f.Connector, clock.Wall{}, nil)
	providers := map[string]*v1alpha1.AWSProvider{}
	for _, p := range m.Providers {
		providers[p.Namespace+"/"+p.Name] = p
	}
	out := make([]Foreseen, len(m.Clusters))
	err := concurrent.Each(m.Clusters, func(i int, o *v1alpha1.ECSCluster) error {
		var err error
		out[i], err = f.cluster(ctx, o, providers[o.Spec.ProviderRef.Key(o.Namespace).String()])
		return err
	})
	return out, err
}

func (f *Foreseer) cluster(ctx context.Context, o *v1alpha1.ECSCluster, p *v1alpha1.AWSProvider) (Foreseen, error) {
	out := Foreseen{Namespace: o.Namespace, Name: o.Name, Cluster: o.Spec.ClusterName}
	home, region, _ := splitARN(o.Status.ClusterARN)
	defaults := map[string]string{}
	c := account.Connection{Region: region}
	if p == nil {
		out.Notes = append(out.Notes, fmt.Sprintf("AWSProvider %s is not among the manifests: its region and default tags are not known here",
			o.Spec.ProviderRef.Key(o.Namespace)))
	} else {
		defaults, c.Region, c.Endpoint = p.Spec.DefaultTags, p.Spec.Region, p.Spec.Endpoint
		out.Notes = append(out.Notes, ProviderNotes(p)...)
	}
	if c.Region == "" {
		c.Region = f.Region
	}
	if c.Region == "" {
		out.Stays = "the region is not known: pass --region, or include the AWSProvider"
		return out, nil
	}
	acc, err := f.accounts.Open(ctx, c)
	if err != nil {
		return out, fmt.Errorf("signing in: %w", err)
	}
	out.Account, out.Region = acc.Account, acc.Region
	if home != "" && home != acc.Account {
		out.Stays = fmt.Sprintf("the cluster is in account %s, but your credentials are for %s: pass --aws-profile", home, acc.Account)
		return out, nil
	}
	return out, f.plan(ctx, &out, o, acc, defaults)
}

// plan reads the cluster and compares, exactly as the controller does.
func (f *Foreseer) plan(ctx context.Context, out *Foreseen, o *v1alpha1.ECSCluster, acc *account.Account, defaults map[string]string) error {
	stays := func(err error) error {
		out.Stays = condition.Of(err).Message
		return nil
	}
	policy, err := PolicyOf(o)
	if err != nil {
		return stays(err)
	}
	owner := OwnerOf("plan", o.Namespace, o.Name)
	graph, node, err := Graph(o, owner, defaults)
	if err != nil {
		return stays(err)
	}
	reading := acc.Readings.Read(ctx, o.Namespace+"/"+o.Name, graph.Wanted(node.Address.Type), time.Time{})
	if reading.Err != nil {
		return fmt.Errorf("reading cluster %s: %w", o.Spec.ClusterName, reading.Err)
	}
	var object *engine.Object
	if len(reading.Lives) > 0 {
		own := reading.Lives[0]
		object = &own
		if at := object.Address.Owner; IsOperators(at) && at.Project == owner.Project {
			object.Address.Owner = owner // the Kubernetes cluster's id is not known here
		}
	}
	claim := ClaimOn(o, node.Address, object, policy, false)
	out.Whose = claim.String()
	switch {
	case policy == v1alpha1.PolicyObserve:
		out.Stays = "with the annotation policy=observe the operator only reads"
		return nil
	case claim == Foreign:
		return stays(Taken(o, object))
	case claim == Free && policy == v1alpha1.PolicyAdopt:
		out.Stays = "there is no such cluster, and with the annotation policy=adopt the operator makes none"
		return nil
	}
	if out.Plan, err = PlanFor(acc, graph, node, object, claim); err != nil {
		return err
	}
	if paid := PaidInsights(o, out.Plan); paid != "" {
		out.Notes = append(out.Notes, paid)
	}
	if v1alpha1.IsTrue(o, v1alpha1.AnnotationPaused) {
		out.Notes = append(out.Notes, "the object is paused: until that ends, nothing is done")
	}
	return nil
}
