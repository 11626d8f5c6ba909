package iam

import (
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	const want = `{"Statement":[{"Action":["a:B","a:C"],"Condition":{"Bool":{"aws:SecureTransport":["true"]}},` +
		`"Effect":"Allow","Resource":["*"]}],"Version":"2012-10-17"}`
	for _, tt := range []struct{ name, doc, want string }{
		{"canonical", want, want},
		{"single statement, words, order", `{"Version": "2012-10-17", "Statement": {"Resource": "*", "Action": ["a:C", "a:B"],
			"Condition": {"Bool": {"aws:SecureTransport": "true"}}, "Effect": "Allow"}}`, want},
		{"boolean", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":["a:B","a:C"],
			"Condition":{"Bool":{"aws:SecureTransport":true}}}]}`, want},
		{"no JSON", "{", "{"},
		{"no statements", `{"Version":"2012-10-17"}`, `{"Version":"2012-10-17"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := canonical(tt.doc); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, encoded, want string }{
		{"encoded", "%7B%22a%22%3A%20%22b%2Bc%22%7D", `{"a": "b+c"}`},
		{"plus", "%7B%22a%22:%22b+c%22%7D", `{"a":"b+c"}`},
		{"plain", `{"a":"100%"}`, `{"a":"100%"}`},
		{"broken", "%7", "%7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := decode(tt.encoded); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestTrustShown(t *testing.T) {
	t.Parallel()
	const other = `{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1:root"]}}],"Version":"2012-10-17"}`
	const source = "arn:aws:ecs:eu-central-1:123456789012:*"
	for _, tt := range []struct{ name, doc, want, source string }{
		{"own", trustOf("ecs.amazonaws.com", ""), "ecs.amazonaws.com", ""},
		{"own, for one account", trustOf("ecs.amazonaws.com", source), "ecs.amazonaws.com", source},
		{"for another account than the source's", strings.Replace(trustOf("ecs.amazonaws.com", source), `"123456789012"`, `"210987654321"`, 1),
			canonical(strings.Replace(trustOf("ecs.amazonaws.com", source), `"123456789012"`, `"210987654321"`, 1)), ""},
		{"own, written otherwise", `{"Statement":{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"}},"Version":"2012-10-17"}`,
			"ecs.amazonaws.com", ""},
		{"somebody else's", other, other, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, source := trustShown(tt.doc); got != tt.want || source != tt.source {
				t.Errorf("got %s, %q, want %s, %q", got, source, tt.want, tt.source)
			}
		})
	}
}
