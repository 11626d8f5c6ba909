package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// Foreseen is what the operator would do for one ECSCluster.
type Foreseen struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Cluster is the cluster's name in AWS, Account and Region where it is.
	Cluster string `json:"cluster"`
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	// Whose is in a few words whose the cluster is now.
	Whose string `json:"whose,omitempty"`
	// Plan is what would be done; nil when nothing would, for the reason Stays.
	Plan  *engine.Plan `json:"plan,omitempty"`
	Stays string       `json:"stays,omitempty"`
	// Notes are what else to know before.
	Notes []string `json:"notes,omitempty"`
}

// Foreseer shows what the operator would do with manifests. It reads AWS with
// the caller's own credentials, needs no Kubernetes and changes nothing.
type Foreseer struct {
	Connector account.Connector
	// Region is used for clusters of which nothing else tells it.
	Region string

	accounts *account.Accounts
}

// Foresee looks at every cluster of the manifests. The error is for what keeps
// it from looking at all; a single cluster's trouble is Foreseen.Stays.
func (f *Foreseer) Foresee(ctx context.Context, m Manifests) ([]Foreseen, error) {
	f.accounts = account.New(f.Connector, clock.Wall{}, nil)
	providers := map[string]*v1alpha1.AWSProvider{}
	for _, p := range m.Providers {
		providers[p.Namespace+"/"+p.Name] = p
	}
	out := make([]Foreseen, len(m.Clusters))
	err := engine.Each(m.Clusters, func(i int, o *v1alpha1.ECSCluster) error {
		var err error
		out[i], err = f.cluster(ctx, o, providers[providerKey(o.Namespace, o.Spec.ProviderRef).String()])
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
			providerKey(o.Namespace, o.Spec.ProviderRef)))
	} else {
		defaults, c.Region, c.Endpoint = p.Spec.DefaultTags, p.Spec.Region, p.Spec.Endpoint
		out.Notes = append(out.Notes, providerNotes(p)...)
	}
	if c.Region == "" {
		c.Region = f.Region
	}
	if c.Region == "" {
		out.Stays = "nothing tells the region: pass --region, or the AWSProvider too"
		return out, nil
	}
	acc, err := f.accounts.Open(ctx, c)
	if err != nil {
		return out, fmt.Errorf("signing in: %w", err)
	}
	out.Account, out.Region = acc.Account, acc.Region
	if home != "" && home != acc.Account {
		out.Stays = fmt.Sprintf("the cluster is in account %s, your credentials lead to %s: pass --aws-profile", home, acc.Account)
		return out, nil
	}
	return out, f.plan(ctx, &out, o, acc, defaults)
}

// plan reads the cluster and compares, exactly as the controller does.
func (f *Foreseer) plan(ctx context.Context, out *Foreseen, o *v1alpha1.ECSCluster, acc *account.Account, defaults map[string]string) error {
	stays := func(err error) error {
		out.Stays = troubleOf(err).message
		return nil
	}
	policy, err := policyOf(o)
	if err != nil {
		return stays(err)
	}
	owner := ownerOf("plan", o.Namespace, o.Name)
	graph, node, err := clusterGraph(o, owner, defaults)
	if err != nil {
		return stays(err)
	}
	reading := acc.Readings.Read(ctx, o.Namespace+"/"+o.Name, graph.Wanted(node.Address.Type), time.Time{})
	if reading.Err != nil {
		return fmt.Errorf("reading cluster %s: %w", o.Spec.ClusterName, reading.Err)
	}
	var live *engine.Live
	if len(reading.Lives) > 0 {
		own := reading.Lives[0]
		live = &own
		if at := live.Address.Owner; isOperators(at) && at.Project == owner.Project {
			live.Address.Owner = owner // the Kubernetes cluster's id is not known here
		}
	}
	claim := claimOn(o, node.Address, live, policy, false)
	out.Whose = claim.words()
	switch {
	case policy == v1alpha1.PolicyObserve:
		out.Stays = "the annotation policy=observe lets the operator only look"
		return nil
	case claim == foreign:
		return stays(foreignTrouble(o, live))
	case claim == free && policy == v1alpha1.PolicyAdopt:
		out.Stays = "there is no such cluster, and the annotation policy=adopt makes none"
		return nil
	}
	if out.Plan, err = planFor(acc, graph, node, live, claim); err != nil {
		return err
	}
	if paid := paidInsights(o, out.Plan); paid != "" {
		out.Notes = append(out.Notes, paid)
	}
	if isTrue(o, v1alpha1.AnnotationPaused) {
		out.Notes = append(out.Notes, "the object is paused: nothing is done as long as it is")
	}
	return nil
}

func (c claim) words() string {
	switch c {
	case free:
		return "there is none yet"
	case mine:
		return "managed by berth for this object"
	case granted:
		return "to be taken over"
	case foreign:
	}
	return "not this object's"
}

// providerNotes are what infra-operator ignored in a provider and the operator
// does not.
func providerNotes(p *v1alpha1.AWSProvider) []string {
	var notes []string
	if p.Spec.RoleARN != "" {
		notes = append(notes, fmt.Sprintf("AWSProvider %s/%s: roleARN is honoured now, infra-operator ignored it: %s must trust the operator's service account",
			p.Namespace, p.Name, p.Spec.RoleARN))
	}
	if p.Spec.AssumeRoleARN != "" {
		notes = append(notes, fmt.Sprintf("AWSProvider %s/%s: assumeRoleARN works now, infra-operator refused it: %s must trust the operator's role",
			p.Namespace, p.Name, p.Spec.AssumeRoleARN))
	}
	if len(p.Spec.DefaultTags) > 0 {
		notes = append(notes, fmt.Sprintf("AWSProvider %s/%s: defaultTags are set on clusters now, infra-operator ignored them", p.Namespace, p.Name))
	}
	return notes
}
