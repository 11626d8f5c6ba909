package account_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/account"
)

// tokens is an STS on the wire that notes what it is asked.
type tokens struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []url.Values
	denied bool
}

func newTokens(t *testing.T) *tokens {
	t.Helper()
	s := &tokens{}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

func (s *tokens) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, form)
	action := form.Get("Action")
	if s.denied {
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:`+action+`</Message></Error></ErrorResponse>`)
		return
	}
	if action == "GetCallerIdentity" {
		_, _ = fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
		return
	}
	role := form.Get("RoleArn")
	arn := strings.Replace(strings.Replace(role, ":iam:", ":sts:", 1), "role/", "assumed-role/", 1) + "/" + form.Get("RoleSessionName")
	_, _ = fmt.Fprintf(w, `<%[1]sResponse><%[1]sResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey>`+
		`<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`+
		`<AssumedRoleUser><Arn>%[2]s</Arn><AssumedRoleId>A:b</AssumedRoleId></AssumedRoleUser></%[1]sResult></%[1]sResponse>`, action, arn)
}

// TestSignIn makes one call of STS where one is enough. The environment of the
// process is part of what is tested, so that its cases run one by one.
func TestSignIn(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("web-token"), 0o600); err != nil {
		t.Fatal(err)
	}
	const podRole, role, other = "arn:aws:iam::111111111111:role/pod", "arn:aws:iam::222222222222:role/provider", "arn:aws:iam::333333333333:role/other"
	keys := &account.Keys{ID: "AKIA1", Secret: "s3cret"}
	for _, tt := range []struct {
		name       string
		irsa       bool
		connection account.Connection
		// want are the calls, as ACTION ROLE, and the caller.
		want []string
		arn  string
	}{
		{"keys", true, account.Connection{Keys: keys}, []string{"GetCallerIdentity "}, "arn:aws:iam::123456789012:user/u"},
		{"the pod's role", true, account.Connection{}, []string{"AssumeRoleWithWebIdentity " + podRole}, "arn:aws:sts::111111111111:assumed-role/pod/berth-operator"},
		{"the provider's role instead of the pod's", true, account.Connection{RoleARN: role}, []string{"AssumeRoleWithWebIdentity " + role},
			"arn:aws:sts::222222222222:assumed-role/provider/berth-operator"},
		{"the provider's role without a token", false, account.Connection{RoleARN: role}, []string{"AssumeRole " + role},
			"arn:aws:sts::222222222222:assumed-role/provider/berth-operator"},
		{"another account by way of the pod's role", true, account.Connection{AssumeRoleARN: other, ExternalID: "x1"},
			[]string{"AssumeRoleWithWebIdentity " + podRole, "AssumeRole " + other + " x1"}, "arn:aws:sts::333333333333:assumed-role/other/berth-operator"},
		{"another account by way of keys", false, account.Connection{Keys: keys, AssumeRoleARN: other}, []string{"AssumeRole " + other},
			"arn:aws:sts::333333333333:assumed-role/other/berth-operator"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("AWS_ACCESS_KEY_ID", "AKIAOWN")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "own")
			t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
			t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", map[bool]string{true: token, false: ""}[tt.irsa])
			t.Setenv("AWS_ROLE_ARN", map[bool]string{true: podRole, false: ""}[tt.irsa])
			s := newTokens(t)
			tt.connection.Region, tt.connection.Endpoint = "eu-central-1", s.URL
			accounts := account.New(account.NewAmazon(""), clock.Wall{}, nil)
			for range 3 { // the credentials are there for all who ask
				acc, err := accounts.Open(t.Context(), tt.connection)
				if err != nil {
					t.Fatal(err)
				}
				if acc.ARN != tt.arn || !strings.Contains(acc.ARN, acc.Account) {
					t.Errorf("signed in to %s as %s, want %s", acc.Account, acc.ARN, tt.arn)
				}
			}
			var got []string
			for _, f := range s.asked {
				got = append(got, strings.TrimRight(f.Get("Action")+" "+f.Get("RoleArn")+" "+f.Get("ExternalId"), " ")+map[bool]string{true: " "}[f.Get("RoleArn") == ""])
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("calls %q, want %q", got, tt.want)
			}
		})
	}
}

// TestSignInFails says what was tried and what to do, and asks once for many.
func TestSignInFails(t *testing.T) {
	t.Parallel()
	s := newTokens(t)
	s.denied = true
	c := account.Connection{
		Region: "eu-central-1", Endpoint: s.URL, Keys: &account.Keys{ID: "AKIA1", Secret: "s3cret"},
		AssumeRoleARN: "arn:aws:iam::333333333333:role/other",
	}
	accounts := account.New(account.NewAmazon(""), clock.Wall{}, nil)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := accounts.Open(t.Context(), c)
			var failed *account.SignInError
			if !errors.As(err, &failed) || engine.ClassOf(err) != engine.Denied ||
				!strings.Contains(err.Error(), "assuming role arn:aws:iam::333333333333:role/other") ||
				!strings.Contains(failed.Remedy(), "trust policy of arn:aws:iam::333333333333:role/other") ||
				strings.Contains(err.Error(), "s3cret") {
				t.Errorf("error %v", err)
			}
		})
	}
	wg.Wait()
	if len(s.asked) != 1 {
		t.Errorf("%d calls", len(s.asked))
	}
	if text := fmt.Sprintf("%v %+v %#v", c.Keys, *c.Keys, *c.Keys); strings.Contains(text, "s3cret") {
		t.Errorf("keys are shown: %s", text)
	}
}
