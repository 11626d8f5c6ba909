package credential

import (
	"regexp"
	"strings"
)

// formats are the credentials that their issuers made recognisable, as a
// regular expression each. The prefixes are those that the issuers document for
// secret scanners.
var formats = []string{
	// Code hosts and package registries.
	`gh[pousr]_[A-Za-z0-9]{30,}`, `github_pat_[A-Za-z0-9_]{22,}`,
	`gl(pat|dt|rt|ptt|ft|cbt|soat|agent|oas)-[A-Za-z0-9_-]{20,}`, `ATATT3[A-Za-z0-9_=-]{20,}`, `ATBB[A-Za-z0-9]{24,}`,
	`npm_[A-Za-z0-9]{36}`, `pypi-AgE[A-Za-z0-9_-]{20,}`, `rubygems_[0-9a-f]{48}`, `dckr_(pat|oat)_[A-Za-z0-9_-]{20,}`,
	`cio[A-Za-z0-9]{32}`,
	// Clouds and hosting.
	`(AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{12,}`, `AIza[A-Za-z0-9_-]{35}`, `GOCSPX-[A-Za-z0-9_-]{20,}`, `ya29\.[A-Za-z0-9_-]{20,}`,
	`do[opr]_v1_[0-9a-f]{64}`, `HRKU-[A-Za-z0-9_-]{30,}`, `(fo1_|FlyV1 )[A-Za-z0-9_-]{20,}`, `nfp_[A-Za-z0-9]{30,}`,
	`sbp_[0-9a-f]{40}`, `pscale_(tkn|pw|oauth)_[A-Za-z0-9_.-]{30,}`, `dapi[0-9a-f]{32}`, `tskey-[a-z]+-[A-Za-z0-9-]{16,}`,
	`(?i:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{20,}=*`, `sig=[A-Za-z0-9%+/]{20,}`,
	// Secret stores and infrastructure.
	`hv[sbr]\.[A-Za-z0-9_-]{24,}`, `[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}`, `pul-[0-9a-f]{40}`, `dp\.(pt|st|ct|scim|audit)\.[A-Za-z0-9_.-]{30,}`,
	`gl(sa|c)_[A-Za-z0-9_=+/]{30,}`, `AGE-SECRET-KEY-1[0-9A-Z]{50,}`,
	// Payment, mail, chat.
	`(sk|rk)_(live|test)_[A-Za-z0-9]{10,}`, `whsec_[A-Za-z0-9+/=]{20,}`, `sq0(atp|csp|idp)-[A-Za-z0-9_-]{20,}`, `shp(at|ss|ca|pa)_[0-9a-fA-F]{32}`,
	`SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{30,}`, `key-[0-9a-f]{32}`, `[0-9a-f]{32}-us[0-9]{1,2}`, `SK[0-9a-f]{32}`,
	`xox[abeoprs]-[A-Za-z0-9-]{10,}`, `xapp-[0-9]-[A-Za-z0-9-]{10,}`, `hooks\.slack\.com/(services|workflows)/[A-Za-z0-9_/-]{20,}`,
	`discord(app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{30,}`, `[0-9]{8,10}:AA[A-Za-z0-9_-]{32,}`,
	`[MNO][A-Za-z0-9_-]{22,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}`, `EAA[A-Za-z0-9]{60,}`,
	// Models and data.
	`sk-[A-Za-z0-9_-]{20,}`, `hf_[A-Za-z0-9]{30,}`, `r8_[A-Za-z0-9]{37}`, `gsk_[A-Za-z0-9]{40,}`, `xai-[A-Za-z0-9]{40,}`, `pplx-[A-Za-z0-9]{40,}`,
	// Tools of teams.
	`lin_api_[A-Za-z0-9]{40}`, `(secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,})`, `PMAK-[0-9a-f]{24}-[0-9a-f]{34}`, `NRAK-[A-Z0-9]{27}`,
	`sntry[su]_[A-Za-z0-9+/=_-]{30,}`, `https?://[0-9a-f]{32}(:[0-9a-f]{32})?@[A-Za-z0-9.-]+/[0-9]+`, `phx_[A-Za-z0-9]{30,}`,
	// Whatever carries its own name: tokens of RFC 7519, hashes of passwords.
	`eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`,
	`\$(2[abxy]|argon2(id?|d)|scrypt|pbkdf2[a-z0-9-]*|apr1|[156y])\$[A-Za-z0-9./+=,$_-]{20,}`,
}

var (
	format = regexp.MustCompile(`(?:^|[^A-Za-z0-9])(` + strings.Join(formats, "|") + `)`)
	// privateKey is the beginning of a key in PEM; what follows it belongs to it.
	privateKey = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY( BLOCK)?-----|$)`)
	// passwordURL is a URL with a user and a password.
	passwordURL = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^/\s:@"'\\]*:([^/\s"'\\]+)@`)
)
