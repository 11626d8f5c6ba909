package v1alpha1

// The annotations. All begin with the group.
const (
	// AnnotationPaused ("true") stops everything but the object's deletion.
	AnnotationPaused = Group + "/paused"
	// AnnotationReconcile asks for a look at AWS now, whenever its value changes.
	AnnotationReconcile = Group + "/reconcile-now"
	// AnnotationResync is the time between two checks of an idle object, as in
	// "30m"; at least 10s.
	AnnotationResync = Group + "/resync"
	// AnnotationPolicy is manage (the default), observe, adopt or
	// adopt-or-create.
	AnnotationPolicy = Group + "/policy"
	// AnnotationDrain ("true") lets a deletion stop what runs in the cluster.
	AnnotationDrain = Group + "/drain"
	// AnnotationAllowed is, on a provider or its namespace, which other
	// namespaces may refer to it, and on a Secret, which namespaces' providers
	// may read it: names separated by commas, "team-*", or "*".
	AnnotationAllowed = Group + "/allowed-namespaces"
)

// The values of AnnotationPolicy.
const (
	PolicyManage        = "manage"
	PolicyObserve       = "observe"
	PolicyAdopt         = "adopt"
	PolicyAdoptOrCreate = "adopt-or-create"
)

// The finalizers.
const (
	// FinalizerCluster keeps an ECSCluster until its cluster is gone.
	FinalizerCluster = Group + "/berth-cluster"
	// FinalizerProvider keeps an AWSProvider that objects still refer to.
	FinalizerProvider = Group + "/berth-provider"
	// FinalizerLegacy is what infra-operator puts on an ECSCluster.
	FinalizerLegacy = "ecscluster.infra.operator.aws.io/finalizer"
)

// The types of conditions.
const (
	ConditionReady  = "Ready"
	ConditionSynced = "Synced"
)
