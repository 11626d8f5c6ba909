package operator

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
)

// The plain names of the keys in a Secret of credentials.
const (
	plainKeyID   = "accesskeyid"
	plainSecret  = "secretaccesskey"
	plainSession = "sessiontoken"
)

// keys are a provider's static credentials; nil if it names none. A Secret named as
// a whole takes precedence over references to single keys.
func (p *providers) keys(ctx context.Context, provider *v1alpha1.AWSProvider) (*account.Keys, error) {
	s := provider.Spec
	if s.CredentialsSecret != nil {
		data, err := p.secret(ctx, provider, s.CredentialsSecret.Name, s.CredentialsSecret.Namespace)
		if err != nil {
			return nil, err
		}
		return wholeSecret(provider, s.CredentialsSecret.Name, data)
	}
	if s.AccessKeyIDRef == nil && s.SecretAccessKeyRef == nil {
		return nil, nil //nolint:nilnil // no keys is an answer
	}
	if s.AccessKeyIDRef == nil || s.SecretAccessKeyRef == nil {
		return nil, badSecret(provider, "accessKeyIDRef and secretAccessKeyRef belong together, and one is missing. Set both")
	}
	id, err := p.secretKey(ctx, provider, s.AccessKeyIDRef)
	if err != nil {
		return nil, err
	}
	secret, err := p.secretKey(ctx, provider, s.SecretAccessKeyRef)
	if err != nil {
		return nil, err
	}
	return &account.Keys{ID: id, Secret: secret}, nil
}

// wholeSecret finds the keys by their names, as in AWS_ACCESS_KEY_ID,
// aws_access_key_id, access-key-id, accessKeyID.
func wholeSecret(provider *v1alpha1.AWSProvider, name string, data map[string][]byte) (*account.Keys, error) {
	found := map[string]string{}
	for k, v := range data {
		plain := strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(k))
		found[strings.TrimPrefix(plain, "aws")] = strings.TrimSpace(string(v))
	}
	keys := &account.Keys{ID: found[plainKeyID], Secret: found[plainSecret], Session: found[plainSession]}
	if keys.ID == "" || keys.Secret == "" {
		return nil, badSecret(provider, fmt.Sprintf(
			"Secret %s lacks AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY. Put both into its data", name))
	}
	return keys, nil
}

func (p *providers) secretKey(ctx context.Context, provider *v1alpha1.AWSProvider, ref *v1alpha1.SecretKeyReference) (string, error) {
	data, err := p.secret(ctx, provider, ref.Name, ref.Namespace)
	if err != nil {
		return "", err
	}
	value := strings.TrimSpace(string(data[ref.Key]))
	if value == "" {
		return "", badSecret(provider, fmt.Sprintf("Secret %s has no key %s. Add it to the Secret, or name another key", ref.Name, ref.Key))
	}
	return value, nil
}

// secret reads one Secret. One of another namespace must name the provider's.
func (p *providers) secret(ctx context.Context, provider *v1alpha1.AWSProvider, name, namespace string) (map[string][]byte, error) {
	key := types.NamespacedName{Namespace: namespace, Name: name}
	if namespace == "" {
		key.Namespace = provider.Namespace
	}
	var s corev1.Secret
	err := p.object.Get(ctx, key, &s)
	switch {
	case apierrors.IsNotFound(err):
		return nil, badSecret(provider, fmt.Sprintf("there is no Secret %s. Create it, or name another", key))
	case apierrors.IsForbidden(err):
		return nil, badSecret(provider, fmt.Sprintf("the operator may not read Secret %s. Allow its role to get it (chart: rbac.secrets.namespaces)", key))
	case err != nil:
		return nil, fmt.Errorf("reading Secret %s: %w", key, err)
	}
	if key.Namespace != provider.Namespace && !lets(s.Annotations[v1alpha1.AnnotationAllowed], provider.Namespace) {
		t := badSecret(provider, fmt.Sprintf(
			"Secret %s does not let namespace %s use it. Allow it with: kubectl annotate secret %s -n %s %s=%s",
			key, provider.Namespace, name, key.Namespace, v1alpha1.AnnotationAllowed, provider.Namespace))
		t.Reason = v1alpha1.ReasonNotAllowed
		return nil, t
	}
	return s.Data, nil
}

// badSecret is a trouble with a provider's credentials, looked at again often:
// Secrets are not watched.
func badSecret(provider *v1alpha1.AWSProvider, message string) *condition.Trouble {
	return &condition.Trouble{
		Reason: v1alpha1.ReasonSignIn, Again: 4 * failedSecretsEvery,
		Message: fmt.Sprintf("AWSProvider %s/%s: %s", provider.Namespace, provider.Name, message),
	}
}
