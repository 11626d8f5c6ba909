package deploy_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/test/bed"
)

// TestASecondAddressIsATraceOfItsOwnersRun: an Elastic IP that nobody uses and
// that carries the tags of the environment's is deleted if a run on the
// environment has died. That one on the project's own services has says nothing.
func TestASecondAddressIsATraceOfItsOwnersRun(t *testing.T) {
	t.Parallel()
	a := bed.App(t, alone+"x-berth: {preset: balanced}\n")
	for name, tt := range map[string]struct {
		died func(p *bed.Process) engine.Owner
		want engine.Verb
	}{
		"the stack's run has died":       {func(p *bed.Process) engine.Owner { return p.Stack() }, engine.VerbLeave},
		"the environment's run has died": {func(p *bed.Process) engine.Owner { return p.Environment() }, engine.VerbDelete},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, a, deploy.Request{})
				second := copyAddress(t, ec2.NewFromConfig(b.World.Config()))
				time.Sleep(time.Minute) // until lists show it, and the last run has settled
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				dies(t, p, tt.died(p))
				for _, req := range []deploy.Request{{}, {Down: true}} {
					prepared, err := p.Plan(t.Context(), req)
					if err != nil {
						t.Fatal(err)
					}
					var verb engine.Verb
					for _, x := range prepared.Actions {
						if x.ID == second {
							verb = x.Verb
						}
					}
					if verb != tt.want {
						t.Errorf("%+v: %q of the second address, want %q:\n%s", req, verb, tt.want, prepared.Plan)
					}
				}
			})
		})
	}
}

// dies leaves the record that a run leaves which may not know all that it did.
func dies(t *testing.T, p *bed.Process, o engine.Owner) {
	t.Helper()
	seen, err := p.Locker().Observe(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	k, err := p.Locker().Take(t.Context(), seen, "up")
	if err != nil {
		t.Fatal(err)
	}
	k.Note(nil, true)
	if err := k.Release(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// copyAddress makes an address with the tags of the one that there is.
func copyAddress(t *testing.T, api *ec2.Client) string {
	t.Helper()
	have, err := api.DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{})
	if err != nil {
		t.Fatal(err)
	}
	made, err := api.AllocateAddress(t.Context(), &ec2.AllocateAddressInput{
		Domain:            types.DomainTypeVpc,
		TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeElasticIp, Tags: have.Addresses[0].Tags}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(made.AllocationId)
}
