package credentialtest

import (
	"maps"
	"slices"
	"strings"
)

// Credential is a text with a credential in it.
type Credential struct {
	Name string
	// Text is the text of a file; Secret is the part that must not be shown.
	Text, Secret string
}

// Credentials is the table, in the order of the names. Each has the format of
// its issuer and opens nothing.
func Credentials() []Credential {
	var out []Credential
	for _, name := range slices.Sorted(maps.Keys(table)) {
		prefix, rest := table[name][0], table[name][1]
		secret, _, _ := strings.Cut(strings.Trim(strings.Fields(rest)[0], `"'}`), "@")
		out = append(out, Credential{Name: name, Text: prefix + rest, Secret: secret})
	}
	return out
}

// table has, by name, what comes before a credential and the credential with
// what follows it.
var table = map[string][2]string{
	"GitHub, personal":        {"", of("ghp_", 36)},
	"GitHub, application":     {"", of("ghs_", 36)},
	"GitHub, fine-grained":    {"", of("github_pat_", 60)},
	"GitLab":                  {"", of("glpat-", 20)},
	"GitLab, runner":          {"", of("glrt-", 20)},
	"Atlassian":               {"", of("ATATT3", 40)},
	"npm":                     {"", of("npm_", 36)},
	"PyPI":                    {"", of("pypi-AgE", 60)},
	"RubyGems":                {"", hex("rubygems_", 48)},
	"Docker Hub":              {"", of("dckr_pat_", 27)},
	"AWS, user":               {"", "AKIA" + "QWERTYUIOPASDFGH"},
	"AWS, session":            {"", "ASIA" + "QWERTYUIOPASDFGH"},
	"AWS, secret by its name": {"AWS_SECRET_ACCESS_KEY=", of("", 40)},
	"Google API":              {"", of("AIza", 35)},
	"Google OAuth client":     {"", of("GOCSPX-", 28)},
	"Azure storage":           {"DefaultEndpointsProtocol=https;AccountName=x;AccountKey=", of("", 86) + "=="},
	"Azure service bus":       {"Endpoint=sb://x/;SharedAccessKeyName=root;SharedAccessKey=", of("", 43) + "="},
	"Azure signature":         {"https://x.blob.core.windows.net/c?sv=2024&sig=", of("", 43)},
	"DigitalOcean":            {"", hex("dop_v1_", 64)},
	"Heroku":                  {"", of("HRKU-", 36)},
	"Netlify":                 {"", of("nfp_", 36)},
	"Supabase":                {"", hex("sbp_", 40)},
	"PlanetScale":             {"", of("pscale_pw_", 43)},
	"Databricks":              {"", hex("dapi", 32)},
	"Tailscale":               {"", of("tskey-auth-", 30)},
	"Vault":                   {"", of("hvs.", 30)},
	"Terraform":               {"", of("", 14) + ".atlasv1." + of("", 60)},
	"Pulumi":                  {"", hex("pul-", 40)},
	"Doppler":                 {"", of("dp.pt.", 43)},
	"Grafana":                 {"", of("glsa_", 41)},
	"age":                     {"", "AGE-SECRET-KEY-1" + strings.Repeat("QPZRY9X8", 8)},
	"Stripe":                  {"", of("sk_live_", 24)},
	"Stripe, restricted":      {"", of("rk_test_", 24)},
	"Stripe, webhook":         {"", of("whsec_", 32)},
	"Square":                  {"", of("sq0atp-", 22)},
	"Shopify":                 {"", hex("shpat_", 32)},
	"SendGrid":                {"", of("SG.", 22) + "." + of("", 43)},
	"Mailgun":                 {"", hex("key-", 32)},
	"Mailchimp":               {"", hex("", 32) + "-us12"},
	"Slack, bot":              {"", "xoxb-" + "123456789012-" + of("", 24)},
	"Slack, application":      {"", "xapp-" + "1-" + of("A", 40)},
	"Slack, webhook":          {"https://", "hooks.slack.com/services/T00000000/B00000000/" + of("", 24)},
	"Discord, webhook":        {"https://", "discord.com/api/webhooks/123456789012345678/" + of("", 68)},
	"Telegram":                {"", "123456789:" + of("AA", 33)},
	"OpenAI":                  {"", of("sk-proj-", 48)},
	"Anthropic":               {"", of("sk-ant-api03-", 90)},
	"Hugging Face":            {"", of("hf_", 34)},
	"Replicate":               {"", of("r8_", 37)},
	"Linear":                  {"", of("lin_api_", 40)},
	"Notion":                  {"", of("ntn_", 46)},
	"Postman":                 {"", hex("PMAK-", 24) + "-" + hex("", 34)},
	"Sentry, DSN":             {"SENTRY_DSN=", hex("https://", 32) + "@o123.ingest.sentry.io/456"},
	"Sentry, token":           {"", of("sntrys_", 64)},
	"a JSON web token":        {"", "eyJ" + of("", 20) + ".eyJ" + of("", 40) + "." + of("", 43)},
	"a hash of bcrypt":        {"", "$2y$" + "10$" + of("", 53)},
	"a key in PEM":            {"", "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"},
	"a database's URL":        {"postgres://app:", "hunter2000@db:5432/app"},
	"a cache's URL":           {"redis://:", "hunter2000@cache:6379/0"},
	"JDBC":                    {"jdbc:sqlserver://db;user=sa;password=", "hunter2000"},
	"ODBC":                    {"Driver={X};Server=db;Uid=sa;Pwd=", "hunter2000"},
	"a bearer's header":       {"curl -H 'Authorization: Bearer ", "hunter2000'"},
	"a header of its own":     {`curl -H "X-Api-Key: `, `hunter2000"`},
	"a bearer's token":        {"Bearer ", "hunter2000hunter2000"},
	"a parameter of a URL":    {"https://host/path?token=", "hunter2000&user=1"},
	"another parameter":       {"https://host/path?a=1&api_key=", "hunter2000"},
	"a fused flag's name":     {"mysqldump -p", "SECRETdump88 db"},
	"a flag":                  {"serve --token ", "hunter2000"},
	"a flag with a sign":      {"serve --db-password=", "hunter2000"},
	"curl's user":             {"curl -fsS -u admin:", "hunter2000 http://localhost/health"},
	"mysqladmin":              {"mysqladmin ping -h localhost -uroot -p", "hunter2000"},
	"redis-cli":               {"redis-cli -a ", "hunter2000 ping"},
	"redis-server":            {"redis-server --requirepass ", "hunter2000"},
	"a variable of a command": {"PGPASSWORD=", "hunter2000 pg_isready"},
	"JSON":                    {`{"api_key":"`, `hunter2000"}`},
	"JSON in JSON":            {`{"body":"{\"api_key\":\"`, `hunter2000"}`},
	"YAML":                    {"password: ", "hunter2000"},
}

// Harmless are texts that are shown as they are.
func Harmless() []string { return slices.Clone(harmless) }

var harmless = []string{
	"", "info", "production", "postgres://app@db:5432/app", "postgres://app:${DB_PASSWORD}@db/app", "http://api:8080/v1",
	"redis://cache:6379/0", "https://example.com/a@b", "user@example.com", "sha256:9f3c1b7e50a2d4869f3c1b7e50a2d4869f3c1b7e50a2d4869f3c1b7e50a2d486",
	"registry.example.com/team/app:1.2.3@sha256:9f3c1b7e50a2d4869f3c1b7e50a2d4869f3c1b7e50a2d4869f3c1b7e50a2d486",
	"3f2504e0-4f89-11d3-9a0c-0305e82c3301", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/db-AbCdEf:password::",
	"arn:aws:ssm:eu-central-1:123456789012:parameter/berth/shop/DB_PASSWORD", "PASSWORD_FILE=/run/secrets/db", "DB_PASSWORD=$PW", "TOKEN=${TOKEN}",
	"TOKEN_TTL=3600", "MAX_TOKENS=4096", "--max-tokens 4096", "PASSWORD_MIN_LENGTH=12", "POSTGRES_HOST_AUTH_METHOD=trust", "ALLOW_EMPTY_PASSWORD=yes",
	"--password-file /run/secrets/db", "--token $TOKEN", "docker run -p 8080:80 -u 1000:1000 nginx", "mysql -p -h db", "redis-cli -h cache ping",
	"curl -f http://localhost:8080/health || exit 1", "pk_live_publishable0000000000", "NEXT_PUBLIC_SITE_KEY=6LeIxAcTAAAA",
	"tokenizer=bpe-large", "COMPASS=north", "PASSENGER_APP_ENV=production", "PWD=/srv/app", "S3_KEY=uploads/a.png", "the secret: it is not there",
	"The security token included in the request is expired", "no password is set", "10.0.0.0/16", "SECRET_NAME=team/db1", "key-value", "sk-",
	"JWT_ALGORITHM=HS256", "2026-11-29T10:00:00Z", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "ecs.task-definition/token-service",
	`{"Action":["secretsmanager:GetSecretValue","ssm:GetParameters"]}`, `{"policy":"{\"Action\":[\"secretsmanager:GetSecretValue\"]}"}`,
}

// of and hex make up what is random in a credential. The table is put together
// here so that no scanner of repositories takes it for a leak.
func of(prefix string, n int) string {
	const random = "7hQ2mZx9Kd4Lw8Rt3Vb6Nc1Ys5Gf0Jp"
	return prefix + strings.Repeat(random, n/len(random)+1)[:n]
}

func hex(prefix string, n int) string {
	return prefix + strings.Repeat("9f3c1b7e50a2d486", n/16+1)[:n]
}
