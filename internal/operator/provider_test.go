package operator

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/sandbox"
)

func (b *bed) provider(name string) *v1alpha1.AWSProvider {
	b.t.Helper()
	var p v1alpha1.AWSProvider
	if err := b.client.Get(b.t.Context(), types.NamespacedName{Namespace: "default", Name: name}, &p); err != nil {
		b.t.Fatal(err)
	}
	return &p
}

// TestProviders signs in in every way that a provider can ask for.
func TestProviders(t *testing.T) {
	t.Parallel()
	const key, secret = "AKIA1", "s3cret-value"
	for _, tt := range []struct {
		name, spec string
		// data is that of the Secret "keys", in the namespace of the provider
		// unless home says another.
		data     map[string]string
		home     string
		annotate string
		ready    bool
		// want is the ARN, or a part of the condition's message.
		want string
	}{
		{name: "the operator's own", ready: true, want: "arn:aws:iam::123456789012:user/sandbox"},
		{name: "IRSA", spec: "roleARN: arn:aws:iam::111122223333:role/infra-operator-role", ready: true,
			want: "arn:aws:sts::111122223333:assumed-role/infra-operator-role/berth-operator"},
		{name: "another account", spec: "assumeRoleARN: arn:aws:iam::444455556666:role/deploy\nexternalID: x", ready: true,
			want: "arn:aws:sts::444455556666:assumed-role/deploy/berth-operator"},
		{name: "one Secret", spec: "credentialsSecret: {name: keys}", ready: true,
			data: map[string]string{"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "t"}, want: "user/sandbox"},
		{name: "one Secret with the page's keys", spec: "credentialsSecret: {name: keys}", ready: true,
			data: map[string]string{"access-key-id": key, "secret-access-key": secret + "\n"}, want: "user/sandbox"},
		{name: "one Secret with camel case", spec: "credentialsSecret: {name: keys}", ready: true,
			data: map[string]string{"accessKeyID": key, "secretAccessKey": secret}, want: "user/sandbox"},
		{name: "two references", spec: "accessKeyIDRef: {name: keys, key: a}\nsecretAccessKeyRef: {name: keys, key: b}", ready: true,
			data: map[string]string{"a": key, "b": secret}, want: "user/sandbox"},
		{name: "no such Secret", spec: "credentialsSecret: {name: keys}", want: "there is no Secret default/keys"},
		{name: "half a Secret", spec: "credentialsSecret: {name: keys}", data: map[string]string{"AWS_ACCESS_KEY_ID": key},
			want: "Secret keys lacks AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY"},
		{name: "no such key", spec: "accessKeyIDRef: {name: keys, key: a}\nsecretAccessKeyRef: {name: keys, key: c}",
			data: map[string]string{"a": key, "b": secret}, want: "Secret keys has no key c"},
		{name: "half a pair", spec: "accessKeyIDRef: {name: keys, key: a}", data: map[string]string{"a": key}, want: "belong together"},
		{name: "a Secret of another namespace", spec: "credentialsSecret: {name: keys, namespace: vault}", home: "vault",
			data: map[string]string{"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret},
			want: "kubectl annotate secret keys -n vault aws-infra-operator.runner.codes/allowed-namespaces=default"},
		{name: "a Secret of another namespace that allows it", spec: "credentialsSecret: {name: keys, namespace: vault}", home: "vault",
			annotate: "team, def*", data: map[string]string{"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}, ready: true, want: "user/sandbox"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				spec := strings.ReplaceAll("\n"+tt.spec, "\n", "\n  ")
				b.apply("apiVersion: aws-infra-operator.runner.codes/v1alpha1\nkind: AWSProvider\nmetadata: {name: aws}\nspec:\n  region: us-east-1" + spec)
				if tt.data != nil {
					s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "keys", Namespace: tt.home}, StringData: tt.data}
					if tt.annotate != "" {
						s.Annotations = map[string]string{v1alpha1.AnnotationAllowed: tt.annotate}
					}
					b.put(s)
				}
				again := b.syncProvider("aws").RequeueAfter
				p := b.provider("aws")
				c := meta.FindStatusCondition(p.Status.Conditions, v1alpha1.ConditionReady)
				if p.Status.Ready != tt.ready || c.ObservedGeneration != 1 {
					t.Fatalf("status: %+v", p.Status)
				}
				if tt.ready {
					if !strings.HasSuffix(p.Status.CallerIdentity, tt.want) || !strings.Contains(p.Status.CallerIdentity, p.Status.AccountID) || p.Status.LastAuthenticationTime == nil {
						t.Errorf("status: %+v", p.Status)
					}
				} else if !strings.Contains(c.Message, tt.want) || c.Reason != v1alpha1.ReasonSignInFails || again > 20*time.Second {
					t.Errorf("%s: %s, again in %s", c.Reason, c.Message, again)
				}
				everything := fmt.Sprintf("%+v %v", p, b.events("aws"))
				if strings.Contains(everything, secret) {
					t.Error("the secret is shown")
				}
				before := b.writes
				time.Sleep(6 * time.Minute)
				b.syncProvider("aws")
				if b.writes != before {
					t.Errorf("an idle provider made %d writes", b.writes-before)
				}
			})
		})
	}
}

// TestProviderInUse stays until nothing refers to it.
func TestProviderInUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		if err := b.client.Delete(t.Context(), b.provider("aws")); err != nil {
			t.Fatal(err)
		}
		b.syncProvider("aws")
		c := meta.FindStatusCondition(b.provider("aws").Status.Conditions, conditionDeletable)
		if c == nil || !strings.Contains(c.Message, "default/main") {
			t.Fatalf("condition: %v", c)
		}
		b.idle("main")
		b.deleteObject("main")
		b.sync("main")
		if _, there := b.find("main"); there {
			t.Error("the object is still there")
		}
		b.syncProvider("aws")
		err := b.client.Get(t.Context(), types.NamespacedName{Namespace: "default", Name: "aws"}, &v1alpha1.AWSProvider{})
		if err == nil {
			t.Error("the provider is still there")
		}
	})
}

// TestOtherNamespaces may use a provider only if it, or its namespace, says so.
func TestOtherNamespaces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, provider, namespace string
		ok                        bool
	}{
		{"nobody allows it", "", "", false},
		{"the provider allows others", "team-b,team-c", "", false},
		{"the provider allows it", "team-b, default", "", true},
		{"the provider allows a pattern", "def*", "", true},
		{"its namespace allows it", "", "*", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				b.put(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "platform", Annotations: map[string]string{v1alpha1.AnnotationAllowed: tt.namespace}}})
				b.put(&v1alpha1.AWSProvider{
					ObjectMeta: metav1.ObjectMeta{Name: "shared", Namespace: "platform", Annotations: map[string]string{v1alpha1.AnnotationAllowed: tt.provider}},
					Spec:       v1alpha1.AWSProviderSpec{Region: testRegion},
				})
				b.apply(strings.Replace(basicCluster, "{name: aws}", "{name: shared, namespace: platform}", 1))
				b.pass("main")
				if tt.ok {
					b.synced("main")
					return
				}
				got := b.condition("main", metav1.ConditionFalse, v1alpha1.ReasonNotAllowed)
				if !strings.Contains(got, "kubectl annotate awsprovider shared -n platform aws-infra-operator.runner.codes/allowed-namespaces=default") {
					t.Errorf("message: %s", got)
				}
				if b.calls("") > 0 {
					t.Error("AWS was called")
				}
			})
		})
	}
}

// TestRotatedSecret is read again when AWS rejects the old keys.
func TestRotatedSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		expired := true
		b.world().Inject(func(sandbox.Call) sandbox.Fault {
			if expired {
				return sandbox.Fault{Kind: sandbox.Expire}
			}
			return sandbox.Fault{}
		})
		time.Sleep(6 * time.Minute)
		b.pass("main")
		b.condition("main", metav1.ConditionFalse, v1alpha1.ReasonSignIn)
		var s corev1.Secret
		if err := b.client.Get(t.Context(), types.NamespacedName{Namespace: "default", Name: "aws-credentials"}, &s); err != nil {
			t.Fatal(err)
		}
		s.Data["access-key-id"] = []byte("AKIA2")
		if err := b.client.Update(t.Context(), &s); err != nil {
			t.Fatal(err)
		}
		expired = false
		acc := b.clusters.providers
		time.Sleep(b.pass("main").RequeueAfter)
		b.synced("main")
		c, err := acc.connection(t.Context(), b.provider("aws"))
		if err != nil || c.Keys.ID != "AKIA2" {
			t.Errorf("keys %v, error %v", c.Keys, err)
		}
	})
}
