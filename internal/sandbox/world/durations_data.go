package world

import "time"

// The steps of managed databases and caches.
const (
	// DatabaseCreated is from CreateDBInstance until it can be used.
	DatabaseCreated Step = "database created"
	// DatabaseBackedUp is how long the first backup lasts, during which a new
	// database can be used and not be changed.
	DatabaseBackedUp Step = "database backed up"
	// DatabaseRestored is from RestoreDBInstanceFromDBSnapshot until it can be
	// used.
	DatabaseRestored Step = "database restored"
	// DatabaseModified is for a change of class, disk or zones.
	DatabaseModified Step = "database modified"
	// DatabaseUpgraded is for a change of version.
	DatabaseUpgraded Step = "database upgraded"
	// DatabaseStopped is from StopDBInstance until it is stopped.
	DatabaseStopped Step = "database stopped"
	// DatabaseStarted is from StartDBInstance until it can be used.
	DatabaseStarted Step = "database started"
	// PasswordSet is until a new master password counts.
	PasswordSet Step = "master password set"
	// DatabaseSnapshot is how long a snapshot takes.
	DatabaseSnapshot Step = "database snapshot taken"
	// DatabaseDeleted is from DeleteDBInstance, or the end of the final
	// snapshot, until it is gone.
	DatabaseDeleted Step = "database deleted"
	// CacheCreated is from CreateReplicationGroup until available.
	CacheCreated Step = "cache created"
	// CacheModified is for a change of nodes, version or encryption.
	CacheModified Step = "cache modified"
	// CacheSnapshot is how long a snapshot takes.
	CacheSnapshot Step = "cache snapshot taken"
	// CacheDeleted is from DeleteReplicationGroup, or the end of the final
	// snapshot, until it is gone.
	CacheDeleted Step = "cache deleted"
)

// dataDurations are the rows of managed databases and caches.
func dataDurations() map[Step]Duration {
	return map[Step]Duration{
		DatabaseCreated: {
			6 * time.Minute, 10 * time.Minute,
			"cdkd cli-reference: 5-10 min",
		},
		DatabaseBackedUp: {
			time.Minute, 5 * time.Minute,
			"assumption: the first backup of an empty database is small",
		},
		DatabaseRestored: {
			8 * time.Minute, 15 * time.Minute,
			"assumption: a creation with an attached disk; users report 6-15 min",
		},
		DatabaseModified: {
			5 * time.Minute, 15 * time.Minute,
			"assumption: a failover and a restart; AWS: several minutes",
		},
		DatabaseUpgraded: {
			10 * time.Minute, 30 * time.Minute,
			"assumption: AWS: about 10 minutes for a minor, longer for a major version",
		},
		DatabaseStopped: {
			5 * time.Minute, 15 * time.Minute,
			"assumption: AWS: the process can take several minutes (USER_StopInstance)",
		},
		DatabaseStarted: {
			7 * time.Minute, 14 * time.Minute,
			"assumption: AWS: from minutes to hours (USER_StopInstance); an idle test database takes minutes",
		},
		PasswordSet: {
			30 * time.Second, 90 * time.Second,
			"assumption: AWS: as soon as possible, asynchronously",
		},
		DatabaseSnapshot: {
			2 * time.Minute, 6 * time.Minute,
			"assumption: users report 1-5 min for 20 GiB",
		},
		DatabaseDeleted: {
			3 * time.Minute, 8 * time.Minute,
			"assumption: Terraform reports 3-5 min without a snapshot",
		},
		CacheCreated: {
			5 * time.Minute, 10 * time.Minute,
			"5-10 min from memory of AWS's documentation (reference 3.14)",
		},
		CacheModified: {
			5 * time.Minute, 20 * time.Minute,
			"assumption: each node is replaced in turn",
		},
		CacheSnapshot: {
			time.Minute, 4 * time.Minute,
			"assumption: a small data set",
		},
		CacheDeleted: {
			4 * time.Minute, 10 * time.Minute,
			"defang#974: taking a managed Redis down took about 10 min; typically half",
		},
	}
}
