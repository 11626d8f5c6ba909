package wire

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
)

// action is the operation of a request in AWS's query protocol.
func action(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return "unreadable"
	}
	return form.Get("Action")
}

// serveSTS answers who the caller is, and lends roles for an hour to everybody:
// who may take which is IAM's matter, which the sandbox models elsewhere.
func serveSTS(w http.ResponseWriter, world *sandbox.World, op string, body []byte) {
	var result string
	switch op {
	case "GetCallerIdentity":
		result = fmt.Sprintf("<Account>%s</Account><Arn>arn:aws:iam::%[1]s:user/operator</Arn><UserId>AIDA</UserId>", world.Account())
	case "AssumeRole", "AssumeRoleWithWebIdentity":
		result = fmt.Sprintf("<Credentials><AccessKeyId>ASIAASSUMED</AccessKeyId><SecretAccessKey>x</SecretAccessKey>"+
			"<SessionToken>x</SessionToken><Expiration>%s</Expiration></Credentials>"+
			"<AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>%s</Arn></AssumedRoleUser>",
			time.Now().Add(time.Hour).UTC().Format(time.RFC3339), session(body))
	default:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, "<ErrorResponse><Error><Code>InvalidAction</Code><Message>%q</Message></Error></ErrorResponse>", op)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", op, result)
}

// session is the ARN of the session that a request to assume a role begins.
func session(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	role := strings.Replace(form.Get("RoleArn"), ":iam:", ":sts:", 1)
	return strings.Replace(role, ":role/", ":assumed-role/", 1) + "/" + form.Get("RoleSessionName")
}
