package cloudflare

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/accounts"
	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/zones"

	"github.com/berthdev/berth/internal/engine"
)

// KeyVariable is the environment variable with the API token. The token needs
// Zone:Read and DNS:Edit for the zones of the hosts; Zone:Edit, for all zones of
// an account, to make one.
const KeyVariable = "CLOUDFLARE_API_TOKEN"

// AccountVariable is the environment variable with the id of the account in
// which zones are made.
const AccountVariable = "CLOUDFLARE_ACCOUNT_ID"

// URLVariable is the environment variable with another address of the API, for
// tests and for proxies.
const URLVariable = "CLOUDFLARE_BASE_URL"

// Options say how to reach Cloudflare.
type Options struct {
	// Token is the API token; without it every call is a *TokenError.
	Token string
	// Account is the id of the account in which zones are made; empty is the only
	// one that the token shows.
	Account string
	// BaseURL is another place than Cloudflare's own API, with a slash at the
	// end; empty is Cloudflare.
	BaseURL string
	// Transport carries the requests; nil is the network.
	Transport http.RoundTripper
	// Guard is asked before every change, with the context of the call; an error
	// fails it. Nil allows all.
	Guard func(context.Context) error
}

// Client makes calls to Cloudflare. The nil client has no token.
type Client struct {
	zones    *zones.ZoneService
	records  *dns.RecordService
	accounts *accounts.AccountService
	account  string
	guard    func(context.Context) error
}

// callTimeout bounds one call.
const callTimeout = 10 * time.Second

// New returns a client; nil without a token.
func New(o Options) *Client {
	if o.Token == "" {
		return nil
	}
	opts := []option.RequestOption{
		option.WithAPIToken(o.Token), option.WithMaxRetries(0), option.WithMiddleware(classified),
		option.WithHTTPClient(&http.Client{Transport: o.Transport, Timeout: callTimeout}),
		option.WithEnvironmentProduction(),
	}
	if o.BaseURL != "" {
		opts = append(opts, option.WithBaseURL(o.BaseURL))
	}
	return &Client{
		zones: zones.NewZoneService(opts...), records: dns.NewRecordService(opts...),
		accounts: accounts.NewAccountService(opts...), account: o.Account, guard: o.Guard,
	}
}

// TokenError says that there is no API token.
type TokenError struct{}

func (*TokenError) Error() string { return "no Cloudflare API token is set" }

// Remedy is what the user can do.
func (*TokenError) Remedy() string {
	return "set " + KeyVariable + " to a token that may read the zone and edit its DNS"
}

// Error is Cloudflare's refusal.
type Error struct {
	// Status is that of HTTP, Code Cloudflare's number.
	Status, Code int
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("cloudflare: %d: %s", e.Code, e.Message)
}

// Codes of Cloudflare
// (https://developers.cloudflare.com/api/resources/dns/, "Errors").
const (
	codeRecordMissing = 81044
	codeHostTaken     = 81053
	codeTwin          = 81058
	codeBadToken      = 10000
	codeInvalidToken  = 9109
	// Those of zones are not in the documentation; users report them:
	// https://github.com/cloudflare/terraform-provider-cloudflare/issues/1387,
	// https://github.com/midl-dev/tezos-on-gke/issues/3.
	codeZoneExists   = 1061
	codeNotPermitted = 1068
	codeZoneMissing  = 1001
	codeNoSuchObject = 7003
)

// Class implements engine.Classified.
func (e *Error) Class() engine.Class {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return engine.Throttled
	case e.Status >= http.StatusInternalServerError:
		return engine.Unknown
	case e.Code == codeRecordMissing || e.Code == codeHostTaken || e.Code == codeTwin:
		return engine.Conflict // the zone was changed in the meantime
	case e.Status == http.StatusUnauthorized || e.Code == codeBadToken || e.Code == codeInvalidToken:
		return engine.Expired
	case e.Status == http.StatusForbidden || e.Code == codeNotPermitted:
		return engine.Denied
	case e.Status == http.StatusNotFound || e.Code == codeZoneMissing || e.Code == codeNoSuchObject:
		return engine.NotFound
	}
	return engine.Terminal
}

// refusal is Cloudflare's own error in an error's chain; nil if there is none.
func refusal(err error) *Error {
	var e *Error
	errors.As(err, &e)
	return e
}

// classified turns a failure into an *Error. A request without an answer may have
// had its effect.
func classified(r *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	resp, err := next(r)
	if err != nil {
		return resp, &silence{err}
	}
	if resp.StatusCode < http.StatusBadRequest {
		return resp, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	_ = resp.Body.Close() // it was read, or broke off
	if err != nil {
		return nil, &silence{err}
	}
	var answer struct {
		Errors []struct {
			Code    int
			Message string
		}
	}
	e := &Error{Status: resp.StatusCode, Message: http.StatusText(resp.StatusCode)}
	if json.NewDecoder(bytes.NewReader(body)).Decode(&answer) == nil && len(answer.Errors) > 0 {
		e.Code = answer.Errors[0].Code
		var texts []string
		for _, one := range answer.Errors {
			texts = append(texts, strings.TrimSuffix(one.Message, "."))
		}
		e.Message = strings.Join(texts, "; ")
	}
	return nil, e
}

// silence is a call without an answer.
type silence struct{ err error }

func (e *silence) Error() string { return "cloudflare: no answer: " + e.err.Error() }
func (e *silence) Unwrap() error { return e.err }

// Class implements engine.Classified.
func (*silence) Class() engine.Class { return engine.Unknown }
