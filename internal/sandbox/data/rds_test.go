package data_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// TestParameterGroupsAreOfKnownFamilies: RDS refuses the family of a version
// that it does not have before an instance of it is asked for.
func TestParameterGroupsAreOfKnownFamilies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := rds.NewFromConfig(sandboxtest.NewStack(t, world.Options{}).W.Config())
		for family, known := range map[string]bool{"postgres18": true, "mysql9.7": true, "postgres19": false, "mysql8": false} {
			_, err := api.CreateDBParameterGroup(t.Context(), &rds.CreateDBParameterGroupInput{
				DBParameterGroupName: aws.String("of-" + strings.ReplaceAll(family, ".", "-")), DBParameterGroupFamily: &family, Description: aws.String("x"),
			})
			if known && err != nil {
				t.Errorf("%s: %v", family, err)
			}
			if !known {
				sandboxtest.WantCode(t, err, "InvalidParameterValue")
			}
		}
	})
}
