package account_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/modelled"
)

// TestOneLimiter: AWS counts the calls of all callers of an account and region
// together, so all providers of an account wait for one another, and those of
// another do not.
func TestOneLimiter(t *testing.T) {
	t.Parallel()
	const n = 15 // clusters of each of two providers; ECS takes 20 at once, then one a second
	home := account.Connection{Region: "us-east-1", Keys: &account.Keys{ID: "AKIA1", Secret: "s"}}
	for name, tt := range map[string]struct {
		second account.Connection
		waits  bool
	}{
		"other keys of the account": {account.Connection{Region: "us-east-1", Keys: &account.Keys{ID: "AKIA2", Secret: "s"}}, true},
		"a role of the account":     {account.Connection{Region: "us-east-1", RoleARN: "arn:aws:iam::123456789012:role/team"}, true},
		"another region":            {account.Connection{Region: "eu-central-1", Keys: home.Keys}, false},
		"another account":           {account.Connection{Region: "us-east-1", RoleARN: "arn:aws:iam::222222222222:role/team"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				accounts := account.New(&modelled.Worlds{}, clock.Wall{}, nil)
				began := time.Now()
				for _, c := range []account.Connection{home, tt.second} {
					acc, err := accounts.Open(t.Context(), c)
					if err != nil {
						t.Fatal(err)
					}
					for range n {
						in := &ecs.DeleteClusterInput{Cluster: aws.String("none")}
						_, _ = acc.Clients.ECS.DeleteCluster(t.Context(), in) // there is none; the call counts
					}
				}
				if waited := time.Since(began) > time.Second; waited != tt.waits {
					t.Errorf("%d calls took %s", 2*n, time.Since(began))
				}
			})
		})
	}
}
