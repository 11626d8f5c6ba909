package giturl

import "strings"

// IsRemote says what compose-go and BuildKit take for a remote context.
func IsRemote(context string) bool {
	for _, prefix := range []string{"https://", "http://", "git://", "ssh://", "github.com/", "git@"} {
		if strings.HasPrefix(context, prefix) {
			return true
		}
	}
	return false
}

// ShowsPassword says whether a URL has a password or a token before its host. In
// an http URL any user name counts as one; in an ssh URL, git@ does not. It also
// handles URLs that url.Parse rejects.
func ShowsPassword(context string) bool {
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
		return "berth cannot tell whether the content of " + WithoutUser(path) + " has changed"
	}
	return ""
}

// WithoutUser removes user and password from a URL that is shown.
func WithoutUser(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	host, path, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); ok && i >= 0 {
		return scheme + "://" + host[i+1:] + "/" + path
	}
	return url
}
