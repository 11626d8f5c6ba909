package chaos

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// credentialsPath is where the proxy gives out credentials as the agent of a
// container does. Source: docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
const credentialsPath = "/chaos/credentials"

// tokenLife is how long a session's token is good.
const tokenLife = 20 * time.Second

// tokens are the session tokens that the proxy has given out.
type tokens struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// serve gives out a new token for the run that its Authorization header names.
func (k *tokens) serve(w http.ResponseWriter, r *http.Request) {
	run := r.Header.Get("Authorization")
	end := time.Now().Add(tokenLife)
	token := run + end.Format(time.RFC3339Nano)
	k.mu.Lock()
	if k.until == nil {
		k.until = map[string]time.Time{}
	}
	k.until[token] = end
	k.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{
		"AccessKeyId": run, "SecretAccessKey": secretKey, "Token": token, "Expiration": end.UTC().Format(time.RFC3339),
	})
}

// good says whether a token has been given out and is not over.
func (k *tokens) good(token string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return time.Now().Before(k.until[token])
}
