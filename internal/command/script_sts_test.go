package command_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

// newSTS is an AWS that knows who everybody is and nothing else. The session
// token says how the credentials are: expired, unknown, or hostile, which AWS
// answers with characters that drive a terminal.
func newSTS() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		token := r.Header.Get("X-Amz-Security-Token")
		code := map[string]string{"expired": "ExpiredToken", "unknown": "InvalidClientTokenId", "hostile": "Hostile"}[token]
		if token == "hostile" {
			token += "\u009b2J\u202e" // XML holds no others
		}
		if code != "" {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code>`+
				`<Message>The security token included in the request is %s</Message></Error></ErrorResponse>`,
				code, token)
			return
		}
		_, _ = fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`+
			`<Arn>arn:aws:iam::123456789012:user/ana</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>`+
			`</GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}))
}
