package sandbox

import (
	"github.com/berthdev/berth/internal/sandbox/autoscaling"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// The parts of package world that callers of a World need.
type (
	// Options are the options of New.
	Options = world.Options
	// Profile is a set of durations.
	Profile = world.Profile
	// Step names something in AWS that takes time.
	Step = world.Step
	// Duration is how long a step takes, with its source.
	Duration = world.Duration
	// Call is the record of one call.
	Call = world.Call
	// Fault says what happens to a call.
	Fault = world.Fault
	// FaultKind is a way in which a call goes wrong.
	FaultKind = world.FaultKind
	// Answer is an HTTP answer that is not AWS's.
	Answer = world.Answer
	// Operation is an operation that the sandbox answers.
	Operation = world.Operation
	// Work is the load of a service.
	Work = autoscaling.Work
	// Quota is one of AWS's limits.
	Quota = world.Quota
	// Implied is a permission that a call needs besides its own.
	Implied = world.Implied
)

// The profiles.
const (
	Typical = world.Typical
	Slow    = world.Slow
)

// The ways in which a call goes wrong.
const (
	NoFault    = world.NoFault
	FailBefore = world.FailBefore
	FailAfter  = world.FailAfter
	Throttle   = world.Throttle
	Deny       = world.Deny
	Expire     = world.Expire
	KillBefore = world.KillBefore
	KillAfter  = world.KillAfter
)

// The steps that take time.
const (
	RoleAssumable           = world.RoleAssumable
	LinkedRoleReady         = world.LinkedRoleReady
	NATAvailable            = world.NATAvailable
	NATDeleted              = world.NATDeleted
	PublicAddressUnmapped   = world.PublicAddressUnmapped
	VPCEndpointDeleted      = world.VPCEndpointDeleted
	BalancerActive          = world.BalancerActive
	NetworkBalancerActive   = world.NetworkBalancerActive
	NetworkTargetRegistered = world.NetworkTargetRegistered
	BalancerInterfaces      = world.BalancerInterfaces
	NamespaceCreated        = world.NamespaceCreated
	NamespaceUpdated        = world.NamespaceUpdated
	NameUpdated             = world.NameUpdated
	NamespaceDeleted        = world.NamespaceDeleted
	TaskPlaced              = world.TaskPlaced
	MetricSeen              = world.MetricSeen
	FastMetricSeen          = world.FastMetricSeen
	TaskPulled              = world.TaskPulled
	TaskSettled             = world.TaskSettled
	TaskInterface           = world.TaskInterface
	ServiceScheduler        = world.ServiceScheduler
	ImageBuilt              = world.ImageBuilt
	CodeBuildDone           = world.CodeBuildDone
	TaskDefinitionDeleted   = world.TaskDefinitionDeleted
	FileSystemAvailable     = world.FileSystemAvailable
	FileSystemDeleted       = world.FileSystemDeleted
	MountTargetAvailable    = world.MountTargetAvailable
	MountTargetResolves     = world.MountTargetResolves
	MountTargetDeleted      = world.MountTargetDeleted
	AccessPointAvailable    = world.AccessPointAvailable
	AccessPointDeleted      = world.AccessPointDeleted
	ChangeInsync            = world.ChangeInsync
	CertificateRecords      = world.CertificateRecords
	CertificateIssued       = world.CertificateIssued
	CertificateReleased     = world.CertificateReleased
	DatabaseCreated         = world.DatabaseCreated
	DatabaseBackedUp        = world.DatabaseBackedUp
	DatabaseRestored        = world.DatabaseRestored
	DatabaseModified        = world.DatabaseModified
	DatabaseUpgraded        = world.DatabaseUpgraded
	DatabaseStopped         = world.DatabaseStopped
	DatabaseStarted         = world.DatabaseStarted
	PasswordSet             = world.PasswordSet
	DatabaseSnapshot        = world.DatabaseSnapshot
	DatabaseDeleted         = world.DatabaseDeleted
	CacheCreated            = world.CacheCreated
	CacheModified           = world.CacheModified
	CacheSnapshot           = world.CacheSnapshot
	CacheDeleted            = world.CacheDeleted
	BucketSystemAvailable   = world.BucketSystemAvailable
	BucketSystemDeleted     = world.BucketSystemDeleted
	ChangesExported         = world.ChangesExported
)

// ErrKilled is in the chain of every error of a caller that a fault killed.
var ErrKilled = world.ErrKilled

// Durations returns a copy of the table of all steps.
func Durations() map[Step]Duration { return world.Durations() }

// Quotas lists the limits that the sandbox knows, with AWS's defaults.
func Quotas() []Quota { return world.Quotas() }

// Actions returns the permissions that calls needed, sorted, each once.
func Actions(calls []Call) []string { return world.Actions(calls) }

// ImpliedActions returns the table of what calls need besides their own
// permission.
func ImpliedActions() []Implied { return world.ImpliedActions() }

// MayNeed lists every permission that an operation can need, whatever its input;
// in is a value of the operation's input.
func MayNeed(service, operation string, in any) []string {
	return world.MayNeed(service, operation, in)
}
