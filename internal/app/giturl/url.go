package giturl

import (
	"strings"

	"github.com/berthdev/berth/internal/credential"
)

// IsRemote says what compose-go and BuildKit take for a remote context.
func IsRemote(context string) bool {
	for _, prefix := range []string{"https://", "http://", "git://", "ssh://", "github.com/", "git@"} {
		if strings.HasPrefix(context, prefix) {
			return true
		}
	}
	return false
}

// ShowsPassword says whether a URL has a password or a token before its host or in
// its query. In an http URL any user name counts as one; in an ssh URL, git@ does
// not. It also handles URLs that url.Parse rejects.
func ShowsPassword(context string) bool {
	for _, v := range parameters(context) {
		if name, value, _ := strings.Cut(v, "="); credential.Named(name) && value != "" || credential.Variable(name, value) || credential.In(v) {
			return true
		}
	}
	scheme, rest, ok := strings.Cut(context, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	i := strings.LastIndexByte(rest, '@')
	return ok && i >= 0 && (scheme == "https" || scheme == "http" || strings.Contains(rest[:i], ":"))
}

// NotGit says why BuildKit would not clone a URL. It would download an archive
// instead, which has no revision to compare.
func NotGit(url string) string {
	path, _, _ := strings.Cut(url, "#")
	if web := strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://"); web && !strings.HasSuffix(path, ".git") {
		return "berth cannot tell whether the content of " + Shown(path) + " has changed"
	}
	return ""
}

// Shown is a URL as it is shown anywhere: without user and password, and without
// the values of its query, each of which may be a token.
func Shown(url string) string {
	if scheme, rest, ok := strings.Cut(url, "://"); ok {
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		url = scheme + "://" + rest[strings.LastIndexByte(rest[:end], '@')+1:]
	}
	before, query, fragment := divide(url)
	if query == "" {
		return url
	}
	shown := parameters(url)
	for i, p := range shown {
		name, _, ok := strings.Cut(p, "=")
		if shown[i] = credential.Hidden; ok {
			shown[i] = name + "=" + credential.Hidden
		}
	}
	return before + "?" + strings.Join(shown, "&") + fragment
}

// divide cuts a URL into what is before its query, the query, and the fragment with
// its sign. What is behind a # is a reference and a folder, with or without a ?.
func divide(url string) (before, query, fragment string) {
	if i := strings.IndexByte(url, '#'); i >= 0 {
		url, fragment = url[:i], url[i:]
	}
	before, query, _ = strings.Cut(url, "?")
	return before, query, fragment
}

// parameters are the parts of a URL's query.
func parameters(url string) []string {
	_, query, _ := divide(url)
	return strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' })
}

// Without is a text, such as a message of git, with a URL in it as it is shown.
func Without(text, url string) string {
	shown, _, _ := strings.Cut(Shown(url), "#")
	whole, _, _ := strings.Cut(url, "#")
	text = strings.ReplaceAll(text, whole, shown)
	for _, p := range parameters(url) {
		name, value, ok := strings.Cut(p, "=")
		if !ok {
			value = name
		}
		if value != "" {
			text = strings.ReplaceAll(text, value, credential.Hidden)
		}
	}
	return text
}
