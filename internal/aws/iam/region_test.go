package iam_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// TestRolesOfAnotherRegionAreNotListed: IAM has no regions. A project that is
// deployed to two regions must not treat its roles for the other one as
// orphans.
func TestRolesOfAnotherRegionAreNotListed(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		api := sdk.NewFromConfig(cfg)
		for _, region := range []string{"us-east-1", "eu-west-1"} {
			mark := engine.Mark{Address: engine.Address{Owner: typetest.Stack, Type: "iam.role", Name: "api"}, LastApplied: "x"}
			_, err := api.CreateRole(t.Context(), &sdk.CreateRoleInput{
				RoleName: aws.String(naming.Name(typetest.Stack, region, "api", 64)), Path: aws.String("/berth/shop-dev/shop/"),
				Description:              aws.String(mark.String()),
				AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		objects, err := iam.Roles{API: api, Region: "eu-west-1"}.List(t.Context(), engine.Query{Owners: []engine.Owner{typetest.Stack}})
		if err != nil {
			t.Fatal(err)
		}
		if len(objects) != 1 || objects[0].ID != naming.Name(typetest.Stack, "eu-west-1", "api", 64) {
			t.Errorf("want the role of eu-west-1 alone, got %+v", objects)
		}
	})
}
