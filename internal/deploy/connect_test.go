package deploy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// TestWhatServiceConnectLeavesGoes: its Cloud Map services outlive the ECS
// services, and a namespace with services cannot be deleted.
func TestWhatServiceConnectLeavesGoes(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `
name: shop
services: {api: {image: "example/api:1", expose: ["3000"]}, web: {image: "example/web:1", expose: ["80"]}}
x-berth: {discovery: connect}
`)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		if n := len(connected(t, b)); n != 2 {
			t.Fatalf("Service Connect has %d services; want 2", n)
		}
		mustRun(t, b, a, deploy.Request{Down: true})
		if left := connected(t, b); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
		spaces, err := servicediscovery.NewFromConfig(b.World.Config()).ListNamespaces(t.Context(), &servicediscovery.ListNamespacesInput{})
		if err != nil || len(spaces.Namespaces) > 0 {
			t.Errorf("%d namespaces are left (%v)", len(spaces.Namespaces), err)
		}
	})
}

// TestWhatOthersPutBesideServiceConnectStays: the prefix of a name makes no
// service berth's. One with a description, with DNS records, or without ECS's tag
// is made by hand: it stays, and the namespace with it, which the error names.
func TestWhatOthersPutBesideServiceConnectStays(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `
name: shop
services: {api: {image: "example/api:1", expose: ["3000"]}, web: {image: "example/web:1", expose: ["80"]}}
x-berth: {discovery: connect}
`)
	managed := []types.Tag{{Key: aws.String("AmazonECSManaged"), Value: aws.String("true")}}
	for name, theirs := range map[string]servicediscovery.CreateServiceInput{
		"without ECS's tag":  {Type: types.ServiceTypeOptionHttp},
		"with a description": {Description: aws.String("somebody's"), Type: types.ServiceTypeOptionHttp, Tags: managed},
		"with DNS records":   {DnsConfig: &types.DnsConfig{DnsRecords: []types.DnsRecord{{Type: types.RecordTypeA, TTL: aws.Int64(10)}}}, Tags: managed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, a, deploy.Request{})
				api := servicediscovery.NewFromConfig(b.World.Config())
				spaces, err := api.ListNamespaces(t.Context(), &servicediscovery.ListNamespacesInput{})
				if err != nil {
					t.Fatal(err)
				}
				in := theirs
				in.Name, in.NamespaceId = aws.String("connect-theirs"), spaces.Namespaces[0].Id
				if _, err := api.CreateService(t.Context(), &in); err != nil {
					t.Fatal(err)
				}
				_, err = b.Run(t.Context(), a, deploy.Request{Down: true, Timeout: 12 * time.Minute})
				if err == nil || !strings.Contains(err.Error(), "sd.namespace") {
					t.Errorf("down: %v, want an error that names the namespace", err)
				}
				if left := connected(t, b); !slices.Equal(left, []string{"connect-theirs"}) {
					t.Errorf("left: %v, want what is not berth's", left)
				}
			})
		})
	}
}

func connected(t *testing.T, b *bed.Bed) []string {
	t.Helper()
	out, err := servicediscovery.NewFromConfig(b.World.Config()).ListServices(t.Context(), &servicediscovery.ListServicesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range out.Services {
		if name := aws.ToString(s.Name); strings.HasPrefix(name, "connect-") {
			names = append(names, name)
		}
	}
	return names
}
