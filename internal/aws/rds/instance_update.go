package rds

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/version"
	"github.com/berthdev/berth/internal/engine"
)

// Hold implements engine.Holder. A change that would lose data is never made; one
// that interrupts the database needs the user's consent.
func (Instances) Hold(want Instance, object engine.Object, attr string) string {
	const consent = "set x-berth.managed.allow_downtime: true to allow it"
	has := engine.ShownAs[Instance](object)
	switch attr {
	case "name", "engine", "database", "user", "port", "subnet_group":
		return "a change would need a new, empty database; to get one, add a service with another name"
	case "storage_gib":
		if want.StorageGiB <= has.StorageGiB {
			return fmt.Sprintf("storage can only grow, and the database has %d GiB", has.StorageGiB)
		}
	case "version":
		if version.Older(want.Version, has.Version) {
			return "a database cannot be downgraded"
		}
		if !want.AllowDowntime {
			return fmt.Sprintf("the upgrade to %s interrupts the database for minutes: %s", want.Version, consent)
		}
	case "class":
		if !want.AllowDowntime {
			return fmt.Sprintf("the change to %s interrupts the database for minutes: %s", want.Class, consent)
		}
	case "parameter_group":
		if major(want.Engine, has.Version) != major(want.Engine, want.Version) && (!want.AllowDowntime || version.Older(want.Version, has.Version)) {
			return "the new parameter group is for version " + want.Version
		}
	}
	return ""
}

// Update implements engine.Type. All changes are made at once, not in the
// maintenance window: Hold has kept back those that need a consent and have none.
// A stopped instance cannot be changed ("You can't modify a stopped DB instance"), so
// that it is started first, whoever has stopped it; the clock stops it again.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
func (t Instances) Update(ctx context.Context, w engine.Desired[Instance], object engine.Object, changed []string) (engine.Object, error) {
	if w.Want.Runs == ByClock && len(changed) > 0 {
		object.State = engine.StatePending // the clock may have stopped it meanwhile
	}
	object, err := t.settled(ctx, w, object)
	if err != nil {
		return object, err
	}
	password, err := t.password(ctx, w.Want, changed)
	if err != nil {
		return object, err
	}
	in, changes := modifyInput(w.Want, object, changed, password)
	wakes := sleeps(object.Detail) && (changes || slices.Contains(changed, runs))
	if wakes || slices.Contains(changed, engine.AttrState) {
		if object, err = t.started(ctx, w, object, changes); err != nil {
			return object, err
		}
	}
	if changes {
		if _, err := t.API.ModifyDBInstance(ctx, in); err != nil {
			return object, fmt.Errorf("changing database %s: %w", object.ID, err)
		}
	}
	if err := setTags(ctx, t.API, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return object, err
	}
	done := engine.AsDesired(w, object.ID, object.Outputs)
	if changes || wakes || slices.Contains(changed, engine.AttrState) {
		done.State, done.Detail = engine.StatePending, "modifying"
	}
	if wakes {
		delete(done.Attrs, runs) // it is ready once it runs
	}
	return done, nil
}

// password is the master password, if it changes; otherwise nil.
func (t Instances) password(ctx context.Context, want Instance, changed []string) (*string, error) {
	if !slices.Contains(changed, "password") && !slices.Contains(changed, "password_version") {
		return nil, nil
	}
	value, err := t.Passwords.Value(ctx, want.Password.Value())
	if err != nil {
		return nil, fmt.Errorf("reading the password of database %s: %w", want.Name, err)
	}
	return &value, nil
}

// settled waits until an instance can be changed: one that is being created or
// modified cannot.
func (t Instances) settled(ctx context.Context, w engine.Desired[Instance], object engine.Object) (engine.Object, error) {
	const pace = 5 * time.Second
	for object.State == engine.StatePending {
		if err := t.Clock.Sleep(ctx, pace); err != nil {
			return object, err
		}
		d, found, err := t.one(gate.JustMade(ctx), object.ID)
		if err != nil {
			return object, err
		}
		if !found {
			return object, gate.Unlisted("database " + object.ID)
		}
		tags := object.Tags
		object = instanceObject(d, w.Want)
		object.Tags = tags
	}
	if object.State == engine.StateDeleting {
		return object, gate.Busy("database " + object.ID + " is being deleted")
	}
	return object, nil
}

// started starts an instance that is stopped and, if it is to be changed, waits until it
// can be. No other failed state can be repaired without losing data.
func (t Instances) started(ctx context.Context, w engine.Desired[Instance], object engine.Object, wait bool) (engine.Object, error) {
	w.Want.Runs = "" // stopped is not good enough
	if object.State == engine.StateFailed && object.Detail != stopped {
		return object, &brokenError{object.ID, object.Detail}
	}
	object.State = engine.StatePending // an earlier try may have started it
	object, err := t.settled(ctx, w, object)
	if err != nil || object.Detail != stopped {
		return object, err
	}
	_, err = t.API.StartDBInstance(ctx, &rds.StartDBInstanceInput{DBInstanceIdentifier: aws.String(object.ID)})
	if err != nil {
		return object, fmt.Errorf("starting database %s: %w", object.ID, err)
	}
	if wait {
		object.State = engine.StatePending
		object, err = t.settled(ctx, w, object)
	}
	return object, err
}

// brokenError says that a database is in a state that berth cannot repair
// without losing data.
type brokenError struct{ name, status string }

func (e *brokenError) Error() string {
	return fmt.Sprintf("database %s is in the state %s, and berth does not change it, so that no data is lost", e.name, e.status)
}

// Remedy is what the user can do.
func (e *brokenError) Remedy() string {
	return "look at the events of " + e.name + " in the RDS console; x-berth.managed.from_snapshot restores an automated backup or a snapshot"
}
