package app

import (
	"testing"

	"github.com/berthdev/berth/internal/credential"
)

func TestParseExposed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Exposed{
		"80":            {From: 80, To: 80, Protocol: AppTCP},
		"53/udp":        {From: 53, To: 53, Protocol: AppUDP},
		"8000-8010/tcp": {From: 8000, To: 8010, Protocol: AppTCP},
	} {
		if got, ok := parseExposed(text); !ok || got != want {
			t.Errorf("parseExposed(%q) = %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "x", "0", "65536", "9-8", "1-", "80/sctp", "-5"} {
		if got, ok := parseExposed(text); ok {
			t.Errorf("parseExposed(%q) = %v", text, got)
		}
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key, value string
		want       bool
	}{
		{"DB_PASSWORD", "hunter2000", true},
		{"API_KEY", "0123456789", true},
		{"ANYTHING", "AKIAABCDEFGHIJKLMNOP", true},
		{"DATABASE_URL", "postgres://u:p@db/x", true},
		{"DATABASE_URL", "postgres://u@db/x", false},
		{"PASSWORD_FILE", "/run/secrets/x", false},
		{"MYSQL_ALLOW_EMPTY_PASSWORD", "true", false},
		{"TOKEN_TTL", "36000", false},
		{"SECRET", "", false},
		{"LOG_LEVEL", "debugging", false},
		{"CA", "-----BEGIN CERTIFICATE-----", false},
		{"KEY", "-----BEGIN RSA PRIVATE KEY-----", true},
	} {
		if got := credential.Variable(c.key, c.value); got != c.want {
			t.Errorf("%s=%s looks like a credential: %v", c.key, c.value, got)
		}
	}
}

func TestCredentialsInFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"ini":           {"[db]\nhost = db\npassword = hunter2000\n", true},
		"yaml":          {"db:\n  password: hunter2000\n", true},
		"json":          {"{\n  \"api_key\": \"0123456789\",\n}", true},
		"url":           {"upstream: 'postgres://u:p@db/x'\n", true},
		"key":           {"x\n-----BEGIN PRIVATE KEY-----\n", true},
		"key of AWS":    {"aws AKIAABCDEFGHIJKLMNOP\n", true},
		"a certificate": {"-----BEGIN CERTIFICATE-----\n", false},
		"a reference":   {"password = ${DB_PASSWORD}\npassword: $DB_PASSWORD\n", false},
		"a file":        {"password: /run/secrets/db\n", false},
		"a comment":     {"# the password: see the handbook\n", false},
		"nginx":         {"proxy_set_header X-Token $http_x_token;\nssl_certificate_key /run/secrets/key;\n", false},
		"caddy":         {":80\nreverse_proxy http://app:8000\n", false},
	} {
		if got := credential.File(c.text); got != c.want {
			t.Errorf("%s: has a credential: %v", name, got)
		}
	}
}

func TestPrivateRange(t *testing.T) {
	t.Parallel()
	for cidr, want := range map[string]bool{
		"10.20.0.0/16": true, "172.16.0.0/16": true, "172.32.0.0/16": false, "192.168.0.0/16": true,
		"192.169.0.0/16": false, "8.8.0.0/16": false, "10.300.0.0/16": false,
	} {
		if got := privateRange(cidr); got != want {
			t.Errorf("privateRange(%s) = %v", cidr, got)
		}
	}
}
