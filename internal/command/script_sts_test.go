package command_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

// newSTS is an AWS that knows who everybody is, and that the bucket of the state
// keeps no versions; nothing else. The session token says how the credentials
// are: expired, unknown, or hostile, which AWS answers with characters that drive
// a terminal.
func newSTS() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		if r.Method == http.MethodGet {
			answerS3(w, r)
			return
		}
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

// answerS3 shows a bucket without versioning and denies the rest.
func answerS3(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/berth-123456789012-eu-central-1" && r.URL.Query().Has("versioning") {
		_, _ = fmt.Fprint(w, `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>`)
		return
	}
	w.WriteHeader(http.StatusForbidden)
	_, _ = fmt.Fprint(w, `<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`)
}
