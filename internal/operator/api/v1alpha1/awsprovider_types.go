package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// AWSProvider is an AWS account and region, and how to sign in to it.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=awsproviders,singular=awsprovider,shortName=awsp,scope=Namespaced
// +kubebuilder:printcolumn:name="Region",type=string,JSONPath=`.spec.region`
// +kubebuilder:printcolumn:name="Ready",type=boolean,JSONPath=`.status.ready`
// +kubebuilder:printcolumn:name="Account",type=string,JSONPath=`.status.accountID`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type AWSProvider struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// +required
	Spec   AWSProviderSpec   `json:"spec,omitempty"`
	Status AWSProviderStatus `json:"status,omitempty"`
}

// AWSProviderSpec says where and as whom. Without any credentials the
// operator's own are used: those of its service account (IRSA, Pod Identity),
// else its environment's.
type AWSProviderSpec struct {
	// Region is the AWS region, as in eu-central-1.
	// +kubebuilder:validation:MinLength=1
	Region string `json:"region"`
	// Endpoint is the URL of an AWS emulator; empty is AWS itself.
	// +optional
	Endpoint string `json:"endpoint,omitempty"`
	// RoleARN is the role that is assumed with the operator's service account
	// token (IRSA), or with its own credentials where it has no token.
	// +optional
	RoleARN string `json:"roleARN,omitempty"`
	// CredentialsSecret holds AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if
	// the keys are temporary, AWS_SESSION_TOKEN. It goes before the two
	// references below.
	// +optional
	CredentialsSecret *SecretReference `json:"credentialsSecret,omitempty"`
	// AccessKeyIDRef and SecretAccessKeyRef name one key of a Secret each.
	// +optional
	AccessKeyIDRef *SecretKeyReference `json:"accessKeyIDRef,omitempty"`
	// SecretAccessKeyRef belongs to AccessKeyIDRef.
	// +optional
	SecretAccessKeyRef *SecretKeyReference `json:"secretAccessKeyRef,omitempty"`
	// AssumeRoleARN is a role, mostly in another account, that is assumed with
	// the credentials above.
	// +optional
	AssumeRoleARN string `json:"assumeRoleARN,omitempty"`
	// ExternalID is what the trust policy of AssumeRoleARN asks for.
	// +optional
	ExternalID string `json:"externalID,omitempty"`
	// DefaultTags are on every object that is made with this provider; an
	// object's own tags go before them.
	// +optional
	DefaultTags map[string]string `json:"defaultTags,omitempty"`
}

// SecretReference names a Secret.
type SecretReference struct {
	// Name is the Secret's.
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`
	// Namespace is the provider's own if empty. A Secret of another namespace
	// must allow it with the annotation
	// aws-infra-operator.runner.codes/allowed-namespaces.
	// +optional
	Namespace string `json:"namespace,omitempty"`
}

// SecretKeyReference names one key of a Secret.
type SecretKeyReference struct {
	// Name is the Secret's.
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`
	// Key is the key in the Secret's data.
	// +kubebuilder:validation:MinLength=1
	Key string `json:"key"`
	// Namespace is as in SecretReference.
	// +optional
	Namespace string `json:"namespace,omitempty"`
}

// AWSProviderStatus is what signing in showed.
type AWSProviderStatus struct {
	// Ready says whether AWS accepts the credentials.
	// +optional
	Ready bool `json:"ready"`
	// AccountID is the account that the credentials lead to.
	// +optional
	AccountID string `json:"accountID,omitempty"`
	// CallerIdentity is the ARN that AWS knows the operator by.
	// +optional
	CallerIdentity string `json:"callerIdentity,omitempty"`
	// LastAuthenticationTime is when AWS was last asked. It changes only with
	// the credentials.
	// +optional
	LastAuthenticationTime *metav1.Time `json:"lastAuthenticationTime,omitempty"`
	// ObservedGeneration is the generation of the spec that the status is about.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// Conditions: Ready.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// AWSProviderList is a list of AWSProviders.
//
// +kubebuilder:object:root=true
type AWSProviderList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []AWSProvider `json:"items"`
}
