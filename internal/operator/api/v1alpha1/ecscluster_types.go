package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ECSCluster is an ECS cluster. Services and tasks in it are managed elsewhere.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=ecsclusters,singular=ecscluster,scope=Namespaced
// +kubebuilder:printcolumn:name="Cluster Name",type=string,JSONPath=`.spec.clusterName`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.status`
// +kubebuilder:printcolumn:name="Ready",type=boolean,JSONPath=`.status.ready`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Synced",type=string,JSONPath=`.status.conditions[?(@.type=="Synced")].status`,priority=1
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Synced")].reason`,priority=1
type ECSCluster struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// +required
	Spec   ECSClusterSpec   `json:"spec,omitempty"`
	Status ECSClusterStatus `json:"status,omitempty"`
}

// ECSClusterSpec is the cluster as it shall be. What is left out is left to
// AWS and to others, unless the object asked for something else before.
type ECSClusterSpec struct {
	// ProviderRef is the AWSProvider with the account and the region.
	ProviderRef ProviderReference `json:"providerRef"`
	// ClusterName is the cluster's name in AWS. It cannot be changed: a cluster
	// of another name is another cluster.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[a-zA-Z0-9_-]+$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="clusterName cannot be changed: make a new ECSCluster, and delete this one when nothing runs in its cluster any more"
	ClusterName string `json:"clusterName"`
	// CapacityProviders are FARGATE, FARGATE_SPOT and the account's own. An
	// empty list takes all away.
	// +optional
	// +kubebuilder:validation:MaxItems=22
	CapacityProviders []string `json:"capacityProviders,omitempty"`
	// DefaultCapacityProviderStrategy is used by services and tasks that name
	// neither a strategy nor a launch type.
	// +optional
	// +kubebuilder:validation:MaxItems=20
	DefaultCapacityProviderStrategy []CapacityProviderStrategyItem `json:"defaultCapacityProviderStrategy,omitempty"`
	// Settings are the cluster's: containerInsights is disabled, enabled or
	// enhanced. Left out it is enabled, which CloudWatch bills for.
	// +optional
	Settings []ClusterSetting `json:"settings,omitempty"`
	// Configuration is that of ECS Exec.
	// +optional
	Configuration *ClusterConfiguration `json:"configuration,omitempty"`
	// ServiceConnectDefaults is the namespace of services that use Service
	// Connect and name none.
	// +optional
	ServiceConnectDefaults *ServiceConnectDefaults `json:"serviceConnectDefaults,omitempty"`
	// Tags are the cluster's, beside the provider's default tags and those by
	// which the operator finds it again.
	// +optional
	Tags map[string]string `json:"tags,omitempty"`
	// DeletionPolicy says what becomes of the cluster when the object is
	// deleted.
	// +optional
	// +kubebuilder:validation:Enum=Delete;Retain
	// +kubebuilder:default=Delete
	DeletionPolicy string `json:"deletionPolicy,omitempty"`
}

// The values of DeletionPolicy.
const (
	DeletionDelete = "Delete"
	DeletionRetain = "Retain"
)

// ProviderReference names an AWSProvider.
type ProviderReference struct {
	// Name is the AWSProvider's.
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`
	// Namespace is the object's own if empty. A provider of another namespace
	// must allow it with the annotation
	// aws-infra-operator.runner.codes/allowed-namespaces.
	// +optional
	Namespace string `json:"namespace,omitempty"`
}

// CapacityProviderStrategyItem is one line of a strategy.
type CapacityProviderStrategyItem struct {
	// CapacityProvider is one of the cluster's capacity providers.
	// +kubebuilder:validation:MinLength=1
	CapacityProvider string `json:"capacityProvider"`
	// Weight is its share of the tasks above the base.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000
	Weight int32 `json:"weight,omitempty"`
	// Base is how many tasks it gets first; one provider may have one.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100000
	Base int32 `json:"base,omitempty"`
}

// ClusterSetting is one setting of a cluster.
type ClusterSetting struct {
	// Name is containerInsights.
	Name string `json:"name"`
	// Value is disabled, enabled or enhanced.
	Value string `json:"value"`
}

// ClusterConfiguration is the configuration of a cluster.
type ClusterConfiguration struct {
	// ExecuteCommandConfiguration is that of ECS Exec.
	// +optional
	ExecuteCommandConfiguration *ExecuteCommandConfiguration `json:"executeCommandConfiguration,omitempty"`
}

// ExecuteCommandConfiguration says how sessions of ECS Exec are encrypted and
// logged.
type ExecuteCommandConfiguration struct {
	// KMSKeyID is the key that encrypts the session.
	// +optional
	KMSKeyID string `json:"kmsKeyId,omitempty"`
	// Logging is NONE, DEFAULT (the task's own log) or OVERRIDE
	// (logConfiguration).
	// +optional
	// +kubebuilder:validation:Enum=NONE;DEFAULT;OVERRIDE;""
	Logging string `json:"logging,omitempty"`
	// LogConfiguration is where sessions are logged.
	// +optional
	LogConfiguration *ExecuteCommandLogConfiguration `json:"logConfiguration,omitempty"`
}

// ExecuteCommandLogConfiguration is where sessions of ECS Exec are logged.
type ExecuteCommandLogConfiguration struct {
	// CloudWatchLogGroupName is a log group that exists.
	// +optional
	CloudWatchLogGroupName string `json:"cloudWatchLogGroupName,omitempty"`
	// CloudWatchEncryptionEnabled says that the log group is encrypted.
	// +optional
	CloudWatchEncryptionEnabled bool `json:"cloudWatchEncryptionEnabled,omitempty"`
	// S3BucketName is a bucket that exists.
	// +optional
	S3BucketName string `json:"s3BucketName,omitempty"`
	// S3EncryptionEnabled says that the objects are encrypted.
	// +optional
	S3EncryptionEnabled bool `json:"s3EncryptionEnabled,omitempty"`
	// S3KeyPrefix begins the objects' keys.
	// +optional
	S3KeyPrefix string `json:"s3KeyPrefix,omitempty"`
}

// ServiceConnectDefaults is the default of Service Connect.
type ServiceConnectDefaults struct {
	// Namespace is the name or the ARN of a Cloud Map namespace. ECS makes one
	// of a name that does not exist.
	// +kubebuilder:validation:MinLength=1
	Namespace string `json:"namespace"`
}

// ECSClusterStatus is the cluster as AWS showed it last.
type ECSClusterStatus struct {
	// Ready says that the cluster is ACTIVE.
	// +optional
	Ready bool `json:"ready"`
	// ClusterARN is the cluster's ARN.
	// +optional
	ClusterARN string `json:"clusterARN,omitempty"`
	// Status is AWS's: PROVISIONING, ACTIVE, DEPROVISIONING, FAILED, INACTIVE.
	// +optional
	Status string `json:"status,omitempty"`
	// RegisteredContainerInstancesCount is the number of EC2 instances.
	// +optional
	RegisteredContainerInstancesCount *int32 `json:"registeredContainerInstancesCount,omitempty"`
	// RunningTasksCount is the number of running tasks.
	// +optional
	RunningTasksCount *int32 `json:"runningTasksCount,omitempty"`
	// PendingTasksCount is the number of tasks that are being started.
	// +optional
	PendingTasksCount *int32 `json:"pendingTasksCount,omitempty"`
	// ActiveServicesCount is the number of services.
	// +optional
	ActiveServicesCount *int32 `json:"activeServicesCount,omitempty"`
	// LastSyncTime is when a look at AWS last showed or changed something. It
	// does not move while everything stays as it is.
	// +optional
	LastSyncTime *metav1.Time `json:"lastSyncTime,omitempty"`
	// LastHandledReconcile is the value of the annotation
	// aws-infra-operator.runner.codes/reconcile-now that was acted upon last.
	// +optional
	LastHandledReconcile string `json:"lastHandledReconcile,omitempty"`
	// ObservedGeneration is the generation of the spec that the status is about.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// Conditions: Ready (the cluster is ACTIVE) and Synced (it is as the spec
	// says).
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// ECSClusterList is a list of ECSClusters.
//
// +kubebuilder:object:root=true
type ECSClusterList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []ECSCluster `json:"items"`
}
