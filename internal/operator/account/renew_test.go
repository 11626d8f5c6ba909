package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
)

// inside is a network without a network, which a bubble's time can pass over.
type inside struct{ ends chan net.Conn }

func (i inside) Accept() (net.Conn, error) {
	c, ok := <-i.ends
	if !ok {
		return nil, errors.New("closed")
	}
	return c, nil
}

func (i inside) Close() error   { close(i.ends); return nil }
func (i inside) Addr() net.Addr { return &net.TCPAddr{} }

func (i inside) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	i.ends <- far
	return near, nil
}

// TestRenewals counts the calls of STS in a day: at most one for a provider in
// 45 minutes. A session is as long as the caller asks for.
func TestRenewals(t *testing.T) {
	for key, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAOWN", "AWS_SECRET_ACCESS_KEY": "own", envTokenFile: "", "AWS_CONFIG_FILE": filepath.Join(t.TempDir(), "none"),
	} {
		t.Setenv(key, value)
	}
	for name, c := range map[string]Connection{
		"a role":                   {RoleARN: "arn:aws:iam::222222222222:role/provider"},
		"another account, by keys": {AssumeRoleARN: "arn:aws:iam::333333333333:role/other", Keys: &Keys{ID: "AKIA1", Secret: "s"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var asked []time.Time
				network := inside{make(chan net.Conn)}
				server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					mu.Lock()
					asked = append(asked, time.Now())
					mu.Unlock()
					body, _ := io.ReadAll(r.Body)
					_, _ = fmt.Fprint(w, session(body))
				})}
				go func() { _ = server.Serve(network) }()
				defer func() { _ = server.Close() }()
				amazon := NewAmazon("")
				amazon.client = amazon.client.WithTransportOptions(func(t *http.Transport) { t.DialContext, t.DisableKeepAlives = network.dial, true })
				accounts := New(amazon, clock.Wall{}, nil)
				c.Region, c.Endpoint = "eu-central-1", "http://sts.test"
				for began := time.Now(); time.Since(began) < 24*time.Hour; time.Sleep(5 * time.Minute) {
					acc, err := accounts.Open(t.Context(), c)
					if err != nil {
						t.Fatal(err)
					}
					if _, err := acc.Clients.ECS.Options().Credentials.Retrieve(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				for i := 1; i < len(asked); i++ {
					if apart := asked[i].Sub(asked[i-1]); apart < 45*time.Minute {
						t.Fatalf("%d calls of STS in a day, two of them %s apart", len(asked), apart)
					}
				}
				if len(asked) < 24 {
					t.Errorf("%d calls of STS in a day: credentials of an hour were used for longer", len(asked))
				}
			})
		})
	}
}

// session is STS's answer to AssumeRole.
func session(body []byte) string {
	form, _ := url.ParseQuery(string(body))
	seconds := 3600
	if n, err := strconv.Atoi(form.Get("DurationSeconds")); err == nil {
		seconds = n
	}
	return fmt.Sprintf(`<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey>`+
		`<SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials>`+
		`<AssumedRoleUser><Arn>arn:aws:sts::222222222222:assumed-role/r/s</Arn><AssumedRoleId>A:b</AssumedRoleId></AssumedRoleUser>`+
		`</AssumeRoleResult></AssumeRoleResponse>`, time.Now().Add(time.Duration(seconds)*time.Second).UTC().Format(time.RFC3339))
}
