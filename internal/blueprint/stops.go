package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/engine"
)

// How long AWS repeats a call that failed: a database that is being backed up cannot be
// stopped. The call to stop it must not come after the one that starts it: see
// scaling.LeastStop.
const (
	stopRetries    = 10
	stopMaxAge     = 30 * 60
	startMaxAge    = 60 * 60
	stopAddress    = "/stop"
	startAddress   = "/start"
	stopPermission = "stop"
)

// addStops adds the schedules that stop and start the databases of an environment that
// sleeps, with a role for each database.
func (r runner) addStops() {
	for _, d := range r.app.Databases {
		if d.Stops == nil {
			continue
		}
		group := r.once("main", scheduler.Group{Name: scheduler.GroupName(r.owner, r.facts.Region)})
		role, database := r.addStopRole(d), r.databases.byName[d.Name].node
		add := func(address, call, when string, age int) {
			r.add(d.Name+address, scheduler.Schedule{
				Group: group.ID(), Name: r.name(d.Name+address, scheduler.MaxName), Expression: when, Zone: d.Stops.Zone,
				State: scheduler.Enabled, Retries: stopRetries, MaxAge: age, Role: role.ARN(), Call: call, Database: database.ID(),
			})
		}
		add(stopAddress, scheduler.StopDatabase, d.Stops.Stop.String(), stopMaxAge)
		add(startAddress, scheduler.StartDatabase, d.Stops.Start.String(), startMaxAge)
	}
}

// addStopRole adds the role that may stop and start one database, and nothing else.
// Another group's schedules cannot use it.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func (r runner) addStopRole(d app.Database) *engine.Node {
	word := scheduleRole + d.Name
	name := DatabaseName(r.app, r.facts.Region, d)
	return r.addRole(word, iam.Role{
		Name: r.name(word, maxRoleName), Path: rolePath(r.app), Service: schedulerPrincipal,
		Source: r.arn("scheduler", "schedule-group/"+scheduler.GroupName(r.owner, r.facts.Region)),
		Inline: map[string]string{stopPermission: policy([]statement{
			allow([]string{r.arn("rds", "db:"+name)}, "rds:StartDBInstance", "rds:StopDBInstance"),
		})},
	})
}

// Stops are the addresses of the schedules that stop and start a database.
func Stops(a *app.App, d app.Database) []engine.Address {
	if d.Stops == nil {
		return nil
	}
	typ := scheduler.Schedule{}.Type()
	return []engine.Address{
		{Owner: Stack(a), Type: typ, Name: d.Name + stopAddress}, {Owner: Stack(a), Type: typ, Name: d.Name + startAddress},
	}
}
