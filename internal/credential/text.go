package credential

import (
	"regexp"
	"strings"
)

// Hidden stands where a credential was.
const Hidden = "(hidden)"

// In says whether a text has something like a credential in it.
func In(text string) bool { return Hide(text) != text }

// Hide replaces what looks like a credential in a text: what has the format of
// one, passwords in URLs, what is assigned to a name of credentials, and the
// values of such flags in a command line. The ARN of a secret is none.
func Hide(text string) string {
	if text == "" {
		return text
	}
	arns := secretARN.FindAllString(text, -1)
	if len(arns) > 0 {
		text = secretARN.ReplaceAllLiteralString(text, arnMark)
	}
	text = privateKey.ReplaceAllLiteralString(text, Hidden)
	text = hideGroup(text, passwordURL, 1, func(m []string) bool { return !reference(m[1]) })
	text = hideGroup(text, format, 1, func([]string) bool { return true })
	text = hideGroup(text, header, 2, func(m []string) bool { return !reference(m[2]) })
	text = hideGroup(text, bearer, 1, func(m []string) bool { return digit.MatchString(m[1]) })
	text = hideAssignments(text)
	text = hideFlags(text)
	for _, arn := range arns {
		text = strings.Replace(text, arnMark, arn, 1)
	}
	return text
}

// File says whether a text such as a configuration file has a credential in one
// of its lines. What a line takes from elsewhere, by $NAME or from a file, is
// none.
func File(text string) bool {
	for line := range strings.Lines(text) {
		if m := setting.FindStringSubmatch(line); m != nil && Named(m[1]) && len(m[2]) > 4 && !reference(m[2]) {
			return true
		}
	}
	return In(text)
}

const arnMark = "\x00arn\x00"

var (
	secretARN = regexp.MustCompile(`arn:aws[a-z-]*:secretsmanager:[A-Za-z0-9:/_+=.@-]*`)
	// header is an HTTP header that carries a credential.
	header = regexp.MustCompile(`(?i)\b(authorization|proxy-authorization|x-api-key|x-auth-token|x-vault-token|private-token|api-key)["']?\s*:\s*["']?((?:bearer|basic|token|apikey)\s+[^\s"',;]+|[^\s"',;{$]+)`)
	// bearer is the value of such a header by itself.
	bearer = regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+([A-Za-z0-9+/=_.~-]{12,})`)
	// assignment is a name with its value, as shells, connection strings and JSON
	// have it. With a colon and without quotes it could be a sentence as well.
	assignment = regexp.MustCompile(`([A-Za-z][A-Za-z0-9_.-]*)(["']?\s*=\s*|\\?["']\s*:\s*|\s*:\s*)\\?["']?([^\s"',;&]+)`)
	// setting is a line that sets something in one of the usual languages of
	// configuration files.
	setting = regexp.MustCompile(`^\s*["']?([A-Za-z0-9_.-]+)["']?\s*[:=]\s*["']?([^\s"',;]+)["']?[,;]?\s*$`)
	digit   = regexp.MustCompile(`[0-9]`)
	// elsewhere is a value that names where the real value is, or an empty value.
	elsewhere = regexp.MustCompile(`^(\$.*|%[A-Za-z{(].*|\{\{.*|<.*|\(.*|\*+|arn:aws.*|@?/[\w.-]+(/[\w.-]+)*/?|file:.*|(?i:true|false|yes|no|on|off|none|null|nil|trust|changed?|missing|required|optional|0|1))$`)
)

// assigns says whether an assignment gives a value to a credential.
func assigns(m []string) bool {
	name, sign, value := m[1], m[2], m[3]
	if !Named(name) || reference(value) || value == Hidden {
		return false
	}
	sentence := strings.Contains(sign, ":") && !strings.ContainsAny(sign, `"'`)
	return !sentence || len(value) > 4 && digit.MatchString(value)
}

// reference says whether a value only names the place of another.
func reference(value string) bool { return value == "" || elsewhere.MatchString(value) }

// hideAssignments replaces the values of assignments. What is no assignment to a
// credential may have one inside: https://host/?token=VALUE.
func hideAssignments(text string) string {
	var out strings.Builder
	for {
		at := assignment.FindStringSubmatchIndex(text)
		if at == nil {
			return out.String() + text
		}
		m := []string{text[at[0]:at[1]], text[at[2]:at[3]], text[at[4]:at[5]], text[at[6]:at[7]]}
		if assigns(m) {
			out.WriteString(text[:at[6]] + Hidden)
			text = text[at[7]:]
			continue
		}
		out.WriteString(text[:at[6]])
		text = text[at[6]:]
	}
}

// hideGroup replaces a group of every match that hides accepts.
func hideGroup(text string, re *regexp.Regexp, group int, hides func(match []string) bool) string {
	var out strings.Builder
	end := 0
	for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
		match := make([]string, len(at)/2)
		for i := range match {
			if at[2*i] >= 0 {
				match[i] = text[at[2*i]:at[2*i+1]]
			}
		}
		if !hides(match) {
			continue
		}
		out.WriteString(text[end:at[2*group]])
		out.WriteString(Hidden)
		end = at[2*group+1]
	}
	if end == 0 {
		return text
	}
	out.WriteString(text[end:])
	return out.String()
}
