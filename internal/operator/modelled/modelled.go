// Package modelled signs the operator in to the sandbox: one modelled AWS for
// every account and region that a provider names, in memory.
//
// It imports internal/sandbox, internal/aws/gate, internal/clock and
// internal/operator/account.
package modelled

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/sandbox"
)

// Worlds are modelled accounts. The zero value is ready for use.
type Worlds struct {
	// Options shape every world; region and account are set by Worlds.
	Options sandbox.Options

	mu    sync.Mutex
	byKey map[string]*sandbox.World
}

// defaultAccount is the account of static credentials.
const defaultAccount = "123456789012"

// World is the world of an account and a region; an empty account is the one
// of static credentials.
func (w *Worlds) World(accountID, region string) (*sandbox.World, error) {
	if accountID == "" {
		accountID = defaultAccount
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	key := accountID + " " + region
	if world, ok := w.byKey[key]; ok {
		return world, nil
	}
	o := w.Options
	o.Account, o.Region = accountID, region
	if o.Clock == nil {
		o.Clock = clock.Wall{}
	}
	world, err := sandbox.New(o)
	if err != nil {
		return nil, fmt.Errorf("opening the sandbox: %w", err)
	}
	if w.byKey == nil {
		w.byKey = map[string]*sandbox.World{}
	}
	w.byKey[key] = world
	return world, nil
}

// SignIn implements account.Connector. Any credentials are accepted; roles lead
// to their accounts.
func (w *Worlds) SignIn(_ context.Context, c account.Connection, observe func(gate.Attempt)) (account.SignedIn, error) {
	id, operation := defaultAccount, "GetCallerIdentity"
	arn := "arn:aws:iam::" + id + ":user/sandbox"
	for _, role := range []string{c.RoleARN, c.AssumeRoleARN} {
		if parts := strings.SplitN(role, ":", 6); len(parts) == 6 && (c.Keys == nil || role == c.AssumeRoleARN) {
			id, operation = parts[4], "AssumeRole"
			arn = "arn:aws:sts::" + id + ":assumed-role/" + parts[5][strings.LastIndex(parts[5], "/")+1:] + "/berth-operator"
		}
	}
	world, err := w.World(id, c.Region)
	if err != nil {
		return account.SignedIn{}, err
	}
	if observe != nil {
		observe(gate.Attempt{Service: "sts", Operation: operation, Number: 1, Began: time.Now()})
	}
	return account.SignedIn{
		Config: world.Config(), Clock: world.Clock(),
		Identity: account.Identity{Account: id, ARN: arn, Partition: "aws"},
	}, nil
}

var _ account.Connector = (*Worlds)(nil)
