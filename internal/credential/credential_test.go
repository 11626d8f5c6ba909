package credential_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/credential/credentialtest"
)

func TestCredentialsAreHiddenInTexts(t *testing.T) {
	t.Parallel()
	if n := len(credentialtest.Credentials()); n < 60 {
		t.Errorf("the table has %d credentials; want at least 60", n)
	}
	for _, c := range credentialtest.Credentials() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			for _, text := range []string{c.Text, `["sh","-c","` + strings.ReplaceAll(c.Text, "\n", " ") + `"]`} {
				if got := credential.Hide(text); strings.Contains(got, c.Secret) {
					t.Errorf("%s is shown as %s", text, got)
				}
			}
			if !credential.In(c.Text) || !credential.Variable("X", c.Text) || !credential.File("# x\n"+c.Text+"\n") {
				t.Errorf("%s is not seen", c.Text)
			}
		})
	}
}

func TestHarmlessTextsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	if n := len(credentialtest.Harmless()); n < 40 {
		t.Errorf("the table has %d harmless texts; want at least 40", n)
	}
	for _, text := range credentialtest.Harmless() {
		if got := credential.Hide(text); got != text {
			t.Errorf("%q is shown as %q", text, got)
		}
		if credential.In(text) || credential.Variable("X", text) {
			t.Errorf("%q is taken for a credential", text)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"CREDS", "db_creds", "PASSCODE", "PASSWORT", "pswd", "ROOTPW", "BEARER", "WEBHOOK_HMAC", "MNEMONIC", "SEED_PHRASE", "TOTP_SEED", "PEPPER",
		"DB_PASSWORD", "password", "PGPASSWORD", "MYSQL_PWD", "MY_PW", "PWD_HASH", "dbPass", "ROOTPASS", "passphrase", "apiKey", "API_KEY", "apikey",
		"SECRET_KEY_BASE", "APP_KEY", "ENCRYPTION_KEY", "clientSecret", "auth-token", "--token", "GITHUB_TOKEN", "SENTRY_DSN", "JWT", "VAULT_SECRET_ID",
		"spring.datasource.password", "REDISCLI_AUTH", "credentials", "PRIVATE_KEY", "AWS_SECRET_ACCESS_KEY", "requirepass", "splunk-token",
		"EMAIL_HOST_PASSWORD", "DB_HOST_PASSWORD", "SMTP_PORT_PASSWD", "URL_SIGNING_SECRET", "fileProviderToken", "S3_ENDPOINT_SECRET",
	} {
		if !credential.Named(name) {
			t.Errorf("%s is not seen", name)
		}
	}
	for _, name := range []string{
		"", "PWD", "LEVEL", "PASSWORD_HOST", "ALLOW_HOST_PASSWORD", "TOKEN_ENDPOINT", "SECRET_NAME", "OTP_LENGTH", "RANDOM_SEED", "CREDS_FILE", "BEARER_FORMAT", "TOKEN_TTL", "PASSWORD_FILE", "MAX_TOKENS", "tokenizer", "COMPASS", "bypass", "ACCESS_KEY_ID", "PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY",
		"SITE_KEY", "CACHE_KEY", "SECRET_NAME", "AUTH_URL", "MONKEY", "KEYBOARD", "JWT_EXPIRES_IN", "PASSWORD_RESET_URL", "secretary", "S3_KEY", "AUTHOR",
	} {
		if credential.Named(name) {
			t.Errorf("%s is taken for a credential", name)
		}
	}
}

func TestWordsOfCommands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ args, want []string }{
		"a flag":            {[]string{"serve", "--token", "hunter2000", "-v"}, []string{"serve", "--token", "(hidden)", "-v"}},
		"a flag, no value":  {[]string{"serve", "--token", "--verbose"}, []string{"serve", "--token", "--verbose"}},
		"a reference":       {[]string{"serve", "--token", "$TOKEN"}, []string{"serve", "--token", "$TOKEN"}},
		"a program's flag":  {[]string{"CMD", "redis-cli", "-a", "hunter2000", "ping"}, []string{"CMD", "redis-cli", "-a", "(hidden)", "ping"}},
		"a fused flag":      {[]string{"CMD", "/usr/bin/mysqladmin", "-phunter2000", "ping"}, []string{"CMD", "/usr/bin/mysqladmin", "-p(hidden)", "ping"}},
		"a text in a word":  {[]string{"CMD-SHELL", "mysqladmin ping -phunter2000 || exit 1"}, []string{"CMD-SHELL", "mysqladmin ping -p(hidden) || exit 1"}},
		"another's flag":    {[]string{"nginx", "-p", "/srv"}, []string{"nginx", "-p", "/srv"}},
		"user and password": {[]string{"curl", "-u", "a:hunter2000", "http://x"}, []string{"curl", "-u", "a:(hidden)", "http://x"}},
		"user and group":    {[]string{"run", "-u", "1000:1000"}, []string{"run", "-u", "1000:1000"}},
		"nothing":           {nil, []string{}},
	} {
		if got := credential.Args(c.args); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q are shown as %q", name, c.args, got)
		}
	}
}

func FuzzHide(f *testing.F) {
	for _, c := range credentialtest.Credentials() {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := credential.Hide(text)
		if twice := credential.Hide(once); twice != once {
			t.Errorf("%q is hidden as %q and that as %q", text, once, twice)
		}
	})
}
