package giturl

import "testing"

func TestURLs(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]struct {
		remote, password, archive bool
		shown                     string
	}{
		"./web":                             {shown: "./web"},
		"https://git.example/web.git#main":  {remote: true, shown: "https://git.example/web.git#main"},
		"https://me:pw@git.example/web.git": {remote: true, password: true, shown: "https://git.example/web.git"},
		"https://token@git.example/web.git": {remote: true, password: true, shown: "https://git.example/web.git"},
		"https://p@ss@git.example/a@b.git":  {remote: true, password: true, shown: "https://git.example/a@b.git"},
		"https://git.example/web.tar.gz":    {remote: true, archive: true, shown: "https://git.example/web.tar.gz"},
		"ssh://git@git.example/web.git":     {remote: true, shown: "ssh://git.example/web.git"},
		"ssh://me:pw@git.example/web.git":   {remote: true, password: true, shown: "ssh://git.example/web.git"},
		"git@github.com:example/web.git":    {remote: true, shown: "git@github.com:example/web.git"},
		"github.com/example/web":            {remote: true, shown: "github.com/example/web"},
		"https://tok@git.example?p=a.git":   {remote: true, password: true, shown: "https://git.example?p=(hidden)"},
		"https://git.example/web.git?access_token=abc#main:app": {
			remote: true, password: true, archive: true, shown: "https://git.example/web.git?access_token=(hidden)#main:app",
		},
		"https://git.example/web.git?a=1&private_token=abc&b": {
			remote: true, password: true, archive: true, shown: "https://git.example/web.git?a=(hidden)&private_token=(hidden)&(hidden)",
		},
		"https://git.example/web.git?ghp_0123456789abcdefghijklmnopqrstuvwxyz": {
			remote: true, password: true, archive: true, shown: "https://git.example/web.git?(hidden)",
		},
		"https://git.example/web.git?token=":   {remote: true, archive: true, shown: "https://git.example/web.git?token=(hidden)"},
		"ssh://git@git.example/web.git?ref=v1": {remote: true, shown: "ssh://git.example/web.git?ref=(hidden)"},
		"github.com/example/web?token=abc":     {remote: true, password: true, shown: "github.com/example/web?token=(hidden)"},
		"git@git.example:web.git?token=abc":    {remote: true, password: true, shown: "git@git.example:web.git?token=(hidden)"},
		"https://git.example/web.git#v1?:docs": {remote: true, shown: "https://git.example/web.git#v1?:docs"},
		"http://git.example/web.git#v1:docs":   {remote: true, shown: "http://git.example/web.git#v1:docs"},
	} {
		if IsRemote(url) != want.remote || ShowsPassword(url) != want.password || (NotGit(url) != "") != want.archive || Shown(url) != want.shown {
			t.Errorf("%s: remote %t, password %t, archive %q, shown as %q", url, IsRemote(url), ShowsPassword(url), NotGit(url), Shown(url))
		}
	}
}

// TestGitRepeatsNoValue: what git says of a URL has none of its values.
func TestGitRepeatsNoValue(t *testing.T) {
	t.Parallel()
	const url = "https://me:pw@git.example/web.git?access_token=abc123&zzz9#main"
	for text, want := range map[string]string{
		"unable to access 'https://me:pw@git.example/web.git?access_token=abc123&zzz9': no": "unable to access 'https://git.example/web.git?access_token=(hidden)&(hidden)': no",
		"repository '/web.git?access_token=abc123&zzz9/' not found":                         "repository '/web.git?access_token=(hidden)&(hidden)/' not found",
		"could not resolve host: git.example":                                               "could not resolve host: git.example",
	} {
		if got := Without(text, url); got != want {
			t.Errorf("%q is said as %q, want %q", text, got, want)
		}
	}
}
