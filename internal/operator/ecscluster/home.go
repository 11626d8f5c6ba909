package ecscluster

import (
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
)

// Elsewhere says that the object's cluster is in another account or region than
// its provider leads to now: going on would leave it behind. The error
// is a *trouble.Trouble.
func Elsewhere(o *v1alpha1.ECSCluster, acc *account.Account) error {
	home, region, name := splitARN(o.Status.ClusterARN)
	if name != o.Spec.ClusterName || home == acc.Account && region == acc.Region {
		return nil
	}
	return &condition.Trouble{Reason: v1alpha1.ReasonElsewhere, Again: condition.Slowly, Message: fmt.Sprintf(
		"the cluster is in account %s, region %s, but the provider is for account %s, region %s: the cluster would be left behind. "+
			"Go back to the previous provider, or create a new ECSCluster", home, region, acc.Account, acc.Region)}
}

// splitARN reads arn:aws:ecs:REGION:ACCOUNT:cluster/NAME.
func splitARN(arn string) (account, region, name string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return "", "", ""
	}
	return parts[4], parts[3], strings.TrimPrefix(parts[5], "cluster/")
}
