package operator

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
)

// secretsFor is how long the Secrets that a provider names count as read.
// Reading one is a call to Kubernetes, and they are not watched.
const secretsFor = 5 * time.Minute

// providers leads objects to the accounts that their AWSProviders name.
type providers struct {
	client client.Client
	// object reads past the cache: Secrets and Namespaces are not watched.
	object   client.Reader
	accounts *account.Accounts
	clock    clock.Clock

	mu    sync.Mutex
	known map[types.UID]signed
}

// signed is what a provider's spec and Secrets came to.
type signed struct {
	generation int64
	at         time.Time
	connection account.Connection
}

// account is the account of an object's provider. A reason not to use it is a
// *trouble.Trouble.
func (p *providers) account(ctx context.Context, namespace string, ref v1alpha1.ProviderReference) (*account.Account, *v1alpha1.AWSProvider, error) {
	key := ref.Key(namespace)
	var provider v1alpha1.AWSProvider
	err := p.client.Get(ctx, key, &provider)
	if apierrors.IsNotFound(err) {
		return nil, nil, &condition.Trouble{Reason: v1alpha1.ReasonNoProvider, Again: condition.Slowly, Message: fmt.Sprintf(
			"there is no AWSProvider %s. Create it, or name another in spec.providerRef", key)}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading AWSProvider %s: %w", key, err)
	}
	if key.Namespace != namespace {
		if err := p.allowed(ctx, &provider, namespace); err != nil {
			return nil, nil, err
		}
	}
	acc, err := p.open(ctx, &provider)
	return acc, &provider, err
}

// open signs in as a provider says.
func (p *providers) open(ctx context.Context, provider *v1alpha1.AWSProvider) (*account.Account, error) {
	c, err := p.connection(ctx, provider)
	if err != nil {
		return nil, err
	}
	acc, err := p.accounts.Open(ctx, c)
	if err == nil {
		return acc, nil
	}
	t := condition.Of(err)
	var signIn *account.SignInError
	if errors.As(err, &signIn) {
		t.Reason, t.Again, t.Rejected = v1alpha1.ReasonSignIn, condition.Steadily, true
	}
	if t.Rejected {
		p.forget(provider.UID)
	}
	t.Message = fmt.Sprintf("AWSProvider %s/%s: %s", provider.Namespace, provider.Name, t.Message)
	return nil, t
}

// connection is what a provider's spec and Secrets say.
func (p *providers) connection(ctx context.Context, provider *v1alpha1.AWSProvider) (account.Connection, error) {
	now := p.clock.Now()
	p.mu.Lock()
	known, ok := p.known[provider.UID]
	p.mu.Unlock()
	if ok && known.generation == provider.Generation && now.Sub(known.at) < secretsFor {
		return known.connection, nil
	}
	s := provider.Spec
	c := account.Connection{
		Region: s.Region, Endpoint: s.Endpoint, RoleARN: s.RoleARN, AssumeRoleARN: s.AssumeRoleARN, ExternalID: s.ExternalID,
	}
	var err error
	if c.Keys, err = p.keys(ctx, provider); err != nil {
		return c, err
	}
	p.mu.Lock()
	p.known[provider.UID] = signed{generation: provider.Generation, at: now, connection: c}
	p.mu.Unlock()
	return c, nil
}

// forget makes the next look read the Secrets and sign in anew.
func (p *providers) forget(uid types.UID) {
	p.mu.Lock()
	known, ok := p.known[uid]
	delete(p.known, uid)
	p.mu.Unlock()
	if ok {
		p.accounts.Forget(known.connection)
	}
}

// reread makes the next look read the Secrets again.
func (p *providers) reread(uid types.UID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, uid)
}

// allowed says whether a provider lets another namespace use it.
func (p *providers) allowed(ctx context.Context, provider *v1alpha1.AWSProvider, namespace string) error {
	if lets(provider.Annotations[v1alpha1.AnnotationAllowed], namespace) {
		return nil
	}
	var home corev1.Namespace
	if err := p.object.Get(ctx, types.NamespacedName{Name: provider.Namespace}, &home); err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("reading namespace %s: %w", provider.Namespace, err)
	}
	if lets(home.Annotations[v1alpha1.AnnotationAllowed], namespace) {
		return nil
	}
	return &condition.Trouble{Reason: v1alpha1.ReasonNotAllowed, Again: condition.Slowly, Message: fmt.Sprintf(
		"AWSProvider %s/%s does not let namespace %s use it. Allow it with: kubectl annotate awsprovider %s -n %s %s=%s",
		provider.Namespace, provider.Name, namespace, provider.Name, provider.Namespace, v1alpha1.AnnotationAllowed, namespace)}
}

// lets says whether a list as in "team-a,web-*" has the namespace.
func lets(list, namespace string) bool {
	for pattern := range strings.SplitSeq(list, ",") {
		if ok, err := path.Match(strings.TrimSpace(pattern), namespace); err == nil && ok {
			return true
		}
	}
	return false
}
