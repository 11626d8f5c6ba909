package v1alpha1

// The reasons of the condition Synced.
const (
	// ReasonSynced: AWS matches the spec.
	ReasonSynced = "Synced"
	// ReasonPaused and ReasonObserved: an annotation keeps the operator from
	// changing anything.
	ReasonPaused   = "Paused"
	ReasonObserved = "ObserveOnly"
	// ReasonInvalid: the spec asks for what there is not.
	ReasonInvalid = "InvalidSpec"
	// ReasonNoProvider, ReasonSignIn and ReasonNotAllowed: there is no such
	// AWSProvider, AWS does not accept its credentials, or it does not serve the
	// object's namespace.
	ReasonNoProvider = "ProviderNotFound"
	ReasonSignIn     = "ProviderNotReady"
	ReasonNotAllowed = "NotAllowed"
	// ReasonTaken: the cluster of that name is not the object's.
	ReasonTaken = "ClusterExists"
	// ReasonElsewhere: the provider leads to another account or region than the
	// one that the cluster is in.
	ReasonElsewhere = "AccountChanged"
	// ReasonAbsent: there is no such cluster, and the object's policy makes none.
	ReasonAbsent = "NotFound"
	// ReasonDenied: a permission is missing, which the message names.
	ReasonDenied = "AccessDenied"
	// ReasonThrottled and ReasonRetrying pass by themselves.
	ReasonThrottled = "Throttled"
	ReasonRetrying  = "Retrying"
	// ReasonRejected, ReasonNoCapacity and ReasonQuota: AWS refuses what the
	// spec asks for, in the second case because a capacity provider is missing.
	ReasonRejected   = "Rejected"
	ReasonNoCapacity = "CapacityProviderNotFound"
	ReasonQuota      = "QuotaExceeded"
	// ReasonBlocked, ReasonDraining and ReasonDeleting: the stages of a deletion.
	ReasonBlocked  = "DeletionBlocked"
	ReasonDraining = "Draining"
	ReasonDeleting = "Deleting"
)

// The reasons of the other conditions.
const (
	// ReasonActive, ReasonNotActive and ReasonUnknown: what AWS says of a
	// cluster, in Ready.
	ReasonActive    = "Active"
	ReasonNotActive = "NotActive"
	ReasonUnknown   = "Unknown"
	// ReasonSignedIn and ReasonSignInFails: an AWSProvider's Ready.
	ReasonSignedIn    = "AuthenticationSucceeded"
	ReasonSignInFails = "AuthenticationFailed"
	// ReasonInUse: objects refer to an AWSProvider that is to go.
	ReasonInUse = "InUse"
)
