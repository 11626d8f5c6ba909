package operator

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/ecscluster"
)

// heldByOther says whether another object, which is still there, has the
// cluster.
func (p *pass) heldByOther(ctx context.Context) (bool, error) {
	if p.object == nil || p.object.Address == p.node.Address {
		return false, nil
	}
	key, ok := ecscluster.Holder(p.object.Address.Owner, p.clusterID)
	if !ok {
		return false, nil
	}
	err := p.client.Get(ctx, key, &v1alpha1.ECSCluster{})
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading ECSCluster %s: %w", key, err)
	}
	return true, nil
}

// claim decides who owns the cluster that was found.
func (p *pass) claim(ctx context.Context) (ecscluster.Claim, error) {
	held, err := p.heldByOther(ctx)
	return ecscluster.ClaimOn(p.o, p.node.Address, p.object, p.policy, held), err
}

// readBefore says whether this operator has written the object's status.
func readBefore(o *v1alpha1.ECSCluster) bool {
	return meta.FindStatusCondition(o.Status.Conditions, v1alpha1.ConditionSynced) != nil
}
