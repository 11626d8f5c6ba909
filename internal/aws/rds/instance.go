package rds

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// Instance is a database instance: encrypted, in private subnets, never
// reachable from the internet. Outputs: id (the name), arn, endpoint, port.
type Instance struct {
	// Name is the identifier, unique in the account and region: at most 63
	// lower-case letters, digits and hyphens.
	Name string `attr:"name,replace,own"`
	// Engine is postgres or mysql.
	Engine string `attr:"engine,replace"`
	// Version is a major version, of which AWS chooses and keeps up the minor,
	// or a full one.
	Version string `attr:"version"`
	// Class is a size, as in db.t4g.micro.
	Class string `attr:"class"`
	// StorageGiB is the disk at first; AWS lets it grow up to MaxStorageGiB.
	StorageGiB    int `attr:"storage_gib,external"`
	MaxStorageGiB int `attr:"max_storage_gib"`
	// Database and User are the first database and the master user. A restored
	// instance keeps those of its snapshot.
	Database string `attr:"database,replace"`
	User     string `attr:"user,replace"`
	Port     int    `attr:"port,replace"`
	// Password names the SSM parameter (a path) or the secret (an ARN) that
	// holds the master password; Version is its version. The value itself is
	// in no attribute.
	Password        engine.Ref   `attr:"password"`
	PasswordVersion engine.Ref   `attr:"password_version"`
	SubnetGroup     engine.Ref   `attr:"subnet_group,replace"`
	ParameterGroup  engine.Ref   `attr:"parameter_group"`
	SecurityGroups  []engine.Ref `attr:"security_groups,set"`
	MultiAZ         bool         `attr:"multi_az"`
	// BackupDays is 0, for none, to 35.
	BackupDays         int  `attr:"backup_days"`
	DeletionProtection bool `attr:"deletion_protection"`
	// FromSnapshot is the identifier or ARN of a snapshot that a new instance
	// begins with, unless the instance has left a final snapshot of its own.
	FromSnapshot string `attr:"from_snapshot,create"`
	// Runs is ByClock if schedules stop the instance and start it again; empty otherwise.
	Runs string `attr:"runs,silent"`
	// AllowDowntime consents to changes that interrupt the database.
	AllowDowntime bool
}

// The values of Runs. That an instance is stopped is no drift with ByClock. Whoever plans
// changes that need it puts Asleep into the attributes of the observed instance: then Update
// starts it.
const (
	ByClock = "by the clock"
	Asleep  = "asleep"
	runs    = "runs"
)

// IsAsleep says that the clock has stopped an instance, or is about to.
func IsAsleep(object engine.Object) bool {
	return object.Attrs[runs] == ByClock && sleeps(object.Detail)
}

// Wake marks an observed instance that must run for a plan.
func Wake(object engine.Object) { object.Attrs[runs] = Asleep }

// Type implements engine.Resource.
func (Instance) Type() string { return "rds.instance" }

// Passwords reads the values of secrets.
type Passwords interface {
	// Value is the present value of an SSM parameter (a path) or of a secret of
	// Secrets Manager (an ARN).
	Value(ctx context.Context, source string) (string, error)
}

// Instances is the type of Instance.
type Instances struct {
	API       *rds.Client
	Tagging   *resourcegroupstaggingapi.Client
	Passwords Passwords
	Clock     clock.Clock
}

// Typical times: an instance takes 5 to 10 minutes to be created, and about
// four to be deleted with its final snapshot.
const (
	typicalReady = 6 * time.Minute
	typicalGone  = 4 * time.Minute
)

// longestReady and longestGone are the times on a bad day: a restore, a second zone
// or a change of version takes half an hour or more, and so does the final
// snapshot of a large disk. Terraform allows 40 and 60 minutes.
const (
	longestReady = 40 * time.Minute
	longestGone  = 40 * time.Minute
)

// Spec implements engine.Type.
func (Instances) Spec() engine.Spec {
	return engine.Spec{
		Holds: "data",
		Name:  Instance{}.Type(), Identity: engine.UniqueName, ReadyIn: typicalReady, GoneIn: typicalGone,
		ReadyBy: longestReady, GoneBy: longestGone,
		Leaves: "a final snapshot keeps its data", DeletesAfter: writers(),
	}
}

// writers are the types whose objects must be gone before a database is deleted:
// the final snapshot has to contain the last data that they write.
func writers() []string { return []string{"ecs.service", "ecs.job"} }

// List implements engine.Type: one call if there may be any, and another for
// final snapshots where an instance is missing.
func (t Instances) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if ok, err := tagindex.MayExist(ctx, q, t.Tagging, "rds:db", "rds:snapshot"); err != nil || !ok {
		return nil, err
	}
	all, err := t.describe(ctx)
	if err != nil {
		return nil, err
	}
	wanted := map[engine.Address]Instance{}
	for _, w := range q.Wanted {
		if r, ok := w.Resource.(Instance); ok {
			wanted[w.Address] = r
		}
	}
	there := map[engine.Address]bool{}
	var objects []engine.Object
	for _, d := range all {
		mark, ok := engine.MarkOf(tagMap(d.TagList))
		if !ok || mark.Address.Type != (Instance{}).Type() || !q.Has(mark.Address.Owner) {
			continue
		}
		l := instanceObject(d, wanted[mark.Address])
		l.Address, l.LastApplied = mark.Address, mark.LastApplied
		objects = append(objects, l)
		there[mark.Address] = l.State != engine.StateDeleting
	}
	for a := range wanted {
		if _, known := there[a]; !known {
			there[a] = false
		}
	}
	return t.withStored(ctx, q, objects, there)
}

// describe lists the instances of these names, or all. Names without an instance
// are left out.
func (t Instances) describe(ctx context.Context, names ...string) ([]types.DBInstance, error) {
	in := &rds.DescribeDBInstancesInput{}
	if len(names) > 0 {
		in.Filters = []types.Filter{{Name: aws.String("db-instance-id"), Values: names}}
	}
	var all []types.DBInstance
	pages := rds.NewDescribeDBInstancesPaginator(t.API, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing database instances: %w", err)
		}
		all = append(all, page.DBInstances...)
	}
	return all, nil
}

// one finds the instance of a name.
func (t Instances) one(ctx context.Context, name string) (d types.DBInstance, found bool, err error) {
	all, err := t.describe(ctx, name)
	for _, d := range all {
		if aws.ToString(d.DBInstanceIdentifier) == name {
			return d, true, nil
		}
	}
	return types.DBInstance{}, false, err
}

// Poll implements engine.Poller.
func (t Instances) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	var names []string
	var out []engine.Object
	clocks := map[string]string{}
	for _, l := range objects {
		if l.State != engine.StateStored {
			names = append(names, l.ID)
			clocks[l.ID] = l.Attrs[runs]
			continue
		}
		s, found, err := t.snapshot(ctx, l.ID)
		if err != nil {
			return nil, err
		}
		if found {
			l.Detail = snapshotDetail(s)
			out = append(out, l)
		}
	}
	if len(names) == 0 {
		return out, nil
	}
	all, err := t.describe(ctx, names...)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		l := instanceObject(d, Instance{Runs: clocks[aws.ToString(d.DBInstanceIdentifier)]})
		if p := d.PendingModifiedValues; p != nil && p.MasterUserPassword != nil && l.State == engine.StateReady {
			l.State, l.Detail = engine.StatePending, "the new password is not in use yet"
		}
		out = append(out, l)
	}
	return out, nil
}

// Create implements engine.Type. If an earlier instance of the address left a final
// snapshot, that is restored, whatever FromSnapshot says.
func (t Instances) Create(ctx context.Context, w engine.Desired[Instance]) (engine.Object, error) {
	from, err := t.source(ctx, w)
	if err != nil {
		return engine.Object{}, err
	}
	if from != "" {
		return t.restore(ctx, w, from)
	}
	password, err := t.Passwords.Value(ctx, w.Want.Password.Value())
	if err != nil {
		return engine.Object{}, fmt.Errorf("reading the password of database %s: %w", w.Want.Name, err)
	}
	out, err := t.API.CreateDBInstance(ctx, createInput(w, password))
	switch {
	case gate.IsExists(err):
		return t.existing(ctx, w)
	case err != nil:
		return engine.Object{}, fmt.Errorf("creating database %s: %w", w.Want.Name, err)
	}
	l := instanceObject(*out.DBInstance, w.Want)
	l.Tags, l.LastApplied = w.Tags, w.Tags[engine.TagLastApplied]
	return l, nil
}

// existing goes on with the instance that has the desired name, if its mark is the
// desired one.
func (t Instances) existing(ctx context.Context, w engine.Desired[Instance]) (engine.Object, error) {
	d, found, err := t.one(ctx, w.Want.Name)
	if err != nil {
		return engine.Object{}, err
	}
	if !found {
		return engine.Object{}, gate.Unlisted("database " + w.Want.Name)
	}
	mark, _ := engine.MarkOf(tagMap(d.TagList))
	l := instanceObject(d, w.Want)
	l.LastApplied = mark.LastApplied
	if err := w.Claim(mark, w.Want.Name, l.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	switch {
	case l.State == engine.StateDeleting:
		return engine.Object{}, gate.Busy("database " + w.Want.Name + " is being deleted")
	case mark.LastApplied == w.Tags[engine.TagLastApplied]:
		return l, nil
	}
	return t.Update(ctx, w, l, everything())
}

// Protected implements engine.Protector.
func (Instances) Protected(object engine.Object) string {
	if engine.ShownAs[Instance](object).DeletionProtection {
		return "deletion protection is on; to switch it off, set deletion_protection: false and run `berth up`"
	}
	return ""
}

var (
	_ engine.Type[Instance]   = Instances{}
	_ engine.Poller           = Instances{}
	_ engine.Holder[Instance] = Instances{}
	_ engine.Protector        = Instances{}
	_ engine.Eraser           = Instances{}
	_ engine.Keeper           = Instances{}
)
