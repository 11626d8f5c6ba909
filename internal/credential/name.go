package credential

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Named says whether a name is one that people give to credentials: DB_PASSWORD,
// apiKey, --token, MYSQL_PWD. Names of what belongs to a credential but is none
// (TOKEN_TTL, PASSWORD_FILE, MAX_TOKENS) are not.
func Named(name string) bool {
	words := wordsOf(name)
	if name == "PWD" || name == "OLDPWD" || len(words) == 0 { // where a shell is
		return false
	}
	// EMAIL_HOST_PASSWORD is the password of a host, PASSWORD_HOST a host.
	last := words[len(words)-1]
	ofPlace := isCredential(last)
	if slices.ContainsFunc(words, func(w string) bool { return harmlessWord[w] && (!ofPlace || !placeWord[w]) }) {
		return false
	}
	joined := strings.Join(words, "_")
	if harmlessName.MatchString(joined) {
		return false
	}
	if credentialPhrase.MatchString(joined) {
		return true
	}
	return slices.ContainsFunc(words, isCredential)
}

func isCredential(word string) bool {
	return credentialWord.MatchString(word) && !harmlessFused.MatchString(word)
}

// Variable says whether a variable of this name and value is a credential. A
// value of up to four characters is taken for one of a few that everybody can
// guess, and a reference to another place for none.
func Variable(name, value string) bool {
	return Named(name) && len(value) > 4 && !reference(value) || In(value)
}

var (
	credentialWord = regexp.MustCompile(`passw(or)?[dt]s?$|^passw(or)?d|passphrase|passcode|ps?wr?d$|secret|token|apikey|credential|pass$|pw$|^(dsn|jwt|psk|creds|bearer|hmac|mnemonic|pepper)$`)
	// credentialPhrase is more than one word, or a word that means a credential
	// at this place only.
	credentialPhrase = regexp.MustCompile(`(^|_)(api|private|access|secret|encryption|signing|master|account|auth|app|license|admin|service|shared|deploy|ssh|root|client)_?keys?($|_)|_key$|key_base$|_(auth|salt)$|secret_id$|seed_phrase$|(^|_)t?otp_seed$`)
	// harmlessFused are words that only contain such a word.
	harmlessFused = regexp.MustCompile(`^(compass|bypass|encompass|surpass|overpass|underpass|trespass|tokeni[sz].*|secretar.*|secretsmanager)$`)
	harmlessName  = regexp.MustCompile(`(public|publishable|site|cache|sort|partition|primary|foreign|routing|idempotency|object|host)_?key|allow_empty|pass_through|(^|_)s3_key$`)
)

// harmlessWord are words that make a name that of a property of a credential,
// or of the place where it is.
var harmlessWord = map[string]bool{
	"file": true, "files": true, "path": true, "dir": true, "url": true, "uri": true, "endpoint": true, "host": true, "port": true,
	"name": true, "names": true, "arn": true, "region": true, "prefix": true, "suffix": true, "header": true, "issuer": true, "audience": true,
	"ttl": true, "expiry": true, "expire": true, "expires": true, "expiration": true, "lifetime": true, "age": true, "timeout": true,
	"duration": true, "interval": true, "rotation": true, "length": true, "len": true, "min": true, "max": true, "size": true,
	"limit": true, "count": true, "attempts": true, "policy": true, "type": true, "method": true, "mode": true, "format": true,
	"algorithm": true, "alg": true, "provider": true, "enabled": true, "enable": true, "disabled": true, "disable": true,
	"required": true, "require": true, "allow": true, "allowed": true, "validate": true, "verify": true, "reset": true,
}

// placeWord are those harmless words that can also say whose credential it is, if that
// comes last.
var placeWord = map[string]bool{
	"file": true, "path": true, "dir": true, "url": true, "uri": true, "endpoint": true, "host": true, "port": true,
	"name": true, "region": true, "prefix": true, "suffix": true, "header": true, "issuer": true, "provider": true,
}

// wordsOf splits a name at everything that is no letter or digit and where a
// small letter is followed by a capital, in small letters. The name of an id has
// none, but for a secret_id, which is the password of an application.
func wordsOf(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	var last rune
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
		case unicode.IsUpper(r) && unicode.IsLower(last):
			flush()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		last = r
	}
	flush()
	if n := len(words); n > 0 && words[n-1] == "id" && (n < 2 || words[n-2] != "secret") {
		return nil
	}
	return words
}
