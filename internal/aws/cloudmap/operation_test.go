package cloudmap_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

// negative is a namespace with names and this negative TTL.
func negative(vpc string, seconds, ttl int) *engine.Graph {
	g := engine.NewGraph()
	ns := g.Add(typetest.Stack, "main", cloudmap.Namespace{Name: "shop.dev.internal", VPC: engine.Lit(vpc), NegativeTTL: seconds})
	g.Add(typetest.Stack, "web", cloudmap.Service{Namespace: ns.ID(), Name: "web", TTL: ttl})
	return g
}

// TestOperations changes and deletes while Cloud Map works on other people's
// earlier changes, and after these have failed: what berth reports as done is
// done.
func TestOperations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1, MaxLag: 14 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		cfg := w.Config()
		ctx, api, vpc := t.Context(), servicediscovery.NewFromConfig(cfg), newVPC(t, cfg)
		typetest.Settle(t, cfg, clock.Wall{})
		d := typetest.New(t, cfg, clock.Wall{}, kinds(clock.Wall{}))

		// A namespace that an earlier berth made, with AWS's value.
		d.Up(negative(vpc, 15, 10), false)
		typetest.Settle(t, cfg, clock.Wall{})
		d.MustPlan("update sd.namespace/main (negative_ttl edited)", negative(vpc, 5, 10), false)

		observed := d.World(nil, false)
		home, name := observed.Objects("sd.namespace")[0].ID, observed.Objects("sd.service")[0].ID
		under := func() {
			t.Helper()
			_, err := api.UpdatePrivateDnsNamespace(ctx, &servicediscovery.UpdatePrivateDnsNamespaceInput{
				Id: &home, Namespace: &types.PrivateDnsNamespaceChange{Properties: &types.PrivateDnsNamespacePropertiesChange{
					DnsProperties: &types.PrivateDnsPropertiesMutableChange{SOA: &types.SOAChange{TTL: aws.Int64(300)}},
				}},
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = api.UpdateService(ctx, &servicediscovery.UpdateServiceInput{Id: &name, Service: &types.ServiceChange{
				DnsConfig: &types.DnsConfigChange{DnsRecords: []types.DnsRecord{{Type: types.RecordTypeA, TTL: aws.Int64(300)}}},
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		under()
		d.Up(negative(vpc, 5, 20), false)
		d.MustPlan("", negative(vpc, 5, 20), true)
		got, err := api.GetNamespace(ctx, &servicediscovery.GetNamespaceInput{Id: &home})
		if err != nil {
			t.Fatal(err)
		}
		if ttl := aws.ToInt64(got.Namespace.Properties.DnsProperties.SOA.TTL); ttl != 5 {
			t.Errorf("a name that is not there is remembered for %d s, want 5", ttl)
		}

		w.FailDiscovery(types.OperationTypeUpdateService, 1)
		w.FailDiscovery(types.OperationTypeUpdateNamespace, 1)
		d.Up(negative(vpc, 6, 30), false)
		d.MustPlan("", negative(vpc, 6, 30), true)

		under()
		w.FailDiscovery(types.OperationTypeDeleteNamespace, 2)
		d.Down()
		left, err := api.ListNamespaces(ctx, &servicediscovery.ListNamespacesInput{})
		if err != nil {
			t.Fatal(err)
		}
		if len(left.Namespaces) != 0 {
			t.Error("a namespace whose deletion failed is still there")
		}
	})
}
