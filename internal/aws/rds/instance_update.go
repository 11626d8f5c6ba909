package rds

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/berthdev/berth/internal/aws/call"
	"github.com/berthdev/berth/internal/aws/version"
	"github.com/berthdev/berth/internal/engine"
)

// Hold implements engine.Holder: what would lose data is never changed, what
// interrupts the database only with a consent.
func (Instances) Hold(want Instance, live engine.Live, attr string) string {
	const consent = "x-berth.managed.allow_downtime: true allows it"
	shown := live.Attrs[attr]
	switch attr {
	case "name", "engine", "database", "user", "port", "subnet_group":
		return "another one would be a new, empty database; a service of another name makes one"
	case "storage_gib":
		if have, err := strconv.Atoi(shown); err == nil && want.StorageGiB <= have {
			return fmt.Sprintf("storage only grows, and it has %d GiB", have)
		}
	case "version":
		if version.Older(want.Version, shown) {
			return "a database cannot be moved to an older version"
		}
		if !want.AllowDowntime {
			return fmt.Sprintf("the upgrade to %s interrupts the database for minutes: %s", want.Version, consent)
		}
	case "class":
		if !want.AllowDowntime {
			return fmt.Sprintf("the change to %s interrupts the database for minutes: %s", want.Class, consent)
		}
	case "parameter_group":
		has := live.Attrs["version"]
		if major(want.Engine, has) != major(want.Engine, want.Version) && (!want.AllowDowntime || version.Older(want.Version, has)) {
			return "it belongs to version " + want.Version
		}
	}
	return ""
}

// Update implements engine.Type. All changes are made at once, not in the
// maintenance window: Hold has kept back those that nobody consented to.
func (t Instances) Update(ctx context.Context, w engine.Wish[Instance], live engine.Live, changed []string) (engine.Live, error) {
	live, err := t.settled(ctx, w, live)
	if err != nil {
		return live, err
	}
	if slices.Contains(changed, engine.AttrState) {
		if err := t.start(ctx, live); err != nil {
			return live, err
		}
	}
	var password *string
	if slices.Contains(changed, "password") || slices.Contains(changed, "password_version") {
		value, err := t.Passwords.Value(ctx, w.Want.Password.Value())
		if err != nil {
			return live, fmt.Errorf("the password of database %s: %w", live.ID, err)
		}
		password = &value
	}
	in, changes := modifyInput(w.Want, live, changed, password)
	if changes {
		if _, err := t.API.ModifyDBInstance(ctx, in); err != nil {
			return live, fmt.Errorf("changing database %s: %w", live.ID, err)
		}
	}
	if err := setTags(ctx, t.API, live.Output("arn"), live.Tags, w.Tags); err != nil {
		return live, err
	}
	done := engine.AsWished(w, live.ID, live.Outputs)
	if changes || slices.Contains(changed, engine.AttrState) {
		done.State, done.Detail = engine.StatePending, "modifying"
	}
	return done, nil
}

// settled waits until an instance can be changed: one that is being created or
// modified cannot.
func (t Instances) settled(ctx context.Context, w engine.Wish[Instance], live engine.Live) (engine.Live, error) {
	const pace = 5 * time.Second
	for live.State == engine.StatePending {
		if err := t.Clock.Sleep(ctx, pace); err != nil {
			return live, err
		}
		d, found, err := t.one(call.JustMade(ctx), live.ID)
		if err != nil {
			return live, err
		}
		if !found {
			return live, call.Unlisted("database " + live.ID)
		}
		tags := live.Tags
		live = instanceLive(d, w.Want)
		live.Tags = tags
	}
	if live.State == engine.StateDeleting {
		return live, call.Busy("database " + live.ID + " is being deleted")
	}
	return live, nil
}

// start mends what can be mended: an instance that somebody has stopped.
func (t Instances) start(ctx context.Context, live engine.Live) error {
	if live.State != engine.StateFailed {
		return nil
	}
	if live.Detail != "stopped" {
		return &brokenError{live.ID, live.Detail}
	}
	_, err := t.API.StartDBInstance(ctx, &rds.StartDBInstanceInput{DBInstanceIdentifier: aws.String(live.ID)})
	if err != nil {
		return fmt.Errorf("starting database %s: %w", live.ID, err)
	}
	return nil
}

// brokenError says that a database is in a state which berth cannot mend
// without losing data.
type brokenError struct{ name, status string }

func (e *brokenError) Error() string {
	return fmt.Sprintf("database %s is in the state %s, which berth does not touch, to lose no data", e.name, e.status)
}

// Remedy is what the user can do.
func (e *brokenError) Remedy() string {
	return "see the events of " + e.name + " in the RDS console; its automated backups and snapshots can be restored with x-berth.managed.from_snapshot"
}
