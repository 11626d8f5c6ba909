package world

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// tokenLife is how long AWS remembers a client token: EC2's documentation
// says 24 hours at least for most operations.
const tokenLife = 24 * time.Hour

// token is what an idempotency token was used for.
type token struct {
	// Hash is the hash of the parameters, ID the object that was made.
	Hash, ID string
	At       time.Time
}

// tokens are the idempotency tokens that were used, by service and operation.
type tokens map[string]token

// Once looks an idempotency token up. known is the id of the object that an
// earlier call with this token made, "" if there was none; mismatch says that
// the earlier call had other parameters. Handlers call Remember after they have
// made the object.
func (rq *Request) Once(clientToken *string, in any) (known string, mismatch bool) {
	if clientToken == nil || *clientToken == "" {
		return "", false
	}
	t, ok := rq.tokens[rq.tokenKey(*clientToken)]
	if !ok || rq.Now.Sub(t.At) > tokenLife {
		return "", false
	}
	return t.ID, t.Hash != rq.account.parameters(in)
}

// Remember notes which object a token made.
func (rq *Request) Remember(clientToken *string, in any, id string) {
	if clientToken != nil && *clientToken != "" {
		rq.tokens[rq.tokenKey(*clientToken)] = token{Hash: rq.account.parameters(in), ID: id, At: rq.Now}
	}
}

// Used returns when a token was first used.
func (rq *Request) Used(clientToken string) time.Time { return rq.tokens[rq.tokenKey(clientToken)].At }

func (rq *Request) tokenKey(t string) string {
	return rq.call.Service + "." + rq.call.Operation + "." + t
}

// parameters returns a digest of an operation's input, a pointer to a struct
// that JSON can encode.
func (a *Account) parameters(in any) string {
	b, err := json.Marshal(in)
	if err != nil {
		b = fmt.Appendf(nil, "%+v", reflect.ValueOf(in).Elem())
	}
	sum := a.Hash(string(b))
	return fmt.Sprintf("%x", sum[:8])
}
