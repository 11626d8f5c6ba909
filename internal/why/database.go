package why

import (
	"strings"

	"github.com/berthdev/berth/internal/status"
)

// Database is what is wrong with a managed database or cache, by its status. What they mean:
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
func Database(d status.Database, of status.WantedDatabase) Answer {
	a := Answer{Name: d.Name, State: Well, Cause: "nothing is wrong: the database is " + d.Words()}
	switch {
	case d.State == status.Absent:
		a.State, a.Code, a.Cause, a.Next = Absent, "not_deployed", "it is not deployed", "`berth up` deploys it"
		return a
	case !d.Broken():
		return a
	}
	a.State, a.Code, a.Cause = Wrong, "database", "the database is "+d.State
	a.Next = "`berth infra status` shows it; AWS's console says more about its state"
	says := "RDS says of "
	if of.Cache {
		says = "ElastiCache says of "
	}
	a.Evidence = []string{says + of.AWSName + ": " + d.State}
	start := "`aws rds start-db-instance --db-instance-identifier " + of.AWSName + "`"
	switch {
	case d.Stopped() && !of.Cache:
		a.Next = start + " starts it; AWS does so by itself after seven days, and with x-berth.sleep it starts at its next time"
	case d.State == "storage-full":
		a.Cause, a.Next = "the database's storage is full", "raise x-berth.managed.storage_gib in the file, then `berth up`"
	case strings.HasPrefix(d.State, "inaccessible-encryption-credentials"):
		a.Cause = "the database cannot use the KMS key that its disk is encrypted with"
		a.Next = "enable the key in KMS, and let the database use it again; then " + start
	case d.State == "incompatible-network":
		a.Cause = "the database has no place in its network: a subnet is full or was changed (incompatible-network)"
		a.Next = "make room in its subnets; `berth plan --deep` shows what was changed, `berth up` mends it"
	case d.State == "incompatible-parameters":
		a.Cause = "the database cannot start with its parameters (incompatible-parameters)"
		a.Next = "`berth plan --deep` shows what was changed, `berth up` mends it"
	case d.State == "deleting":
		a.Cause, a.Next = "the database is being deleted", "`berth up` makes it again once it is gone, from its final snapshot"
	}
	return a
}
