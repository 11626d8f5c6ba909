package giturl

import "testing"

func TestURLs(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]struct {
		remote, password, archive bool
		shown                     string
	}{
		"./web":                              {shown: "./web"},
		"https://git.example/web.git#main":   {remote: true, shown: "https://git.example/web.git#main"},
		"https://me:pw@git.example/web.git":  {remote: true, password: true, shown: "https://git.example/web.git"},
		"https://token@git.example/web.git":  {remote: true, password: true, shown: "https://git.example/web.git"},
		"https://p@ss@git.example/a@b.git":   {remote: true, password: true, shown: "https://git.example/a@b.git"},
		"https://git.example/web.tar.gz":     {remote: true, archive: true, shown: "https://git.example/web.tar.gz"},
		"ssh://git@git.example/web.git":      {remote: true, shown: "ssh://git.example/web.git"},
		"ssh://me:pw@git.example/web.git":    {remote: true, password: true, shown: "ssh://git.example/web.git"},
		"git@github.com:example/web.git":     {remote: true, shown: "git@github.com:example/web.git"},
		"github.com/example/web":             {remote: true, shown: "github.com/example/web"},
		"http://git.example/web.git#v1:docs": {remote: true, shown: "http://git.example/web.git#v1:docs"},
	} {
		if IsRemote(url) != want.remote || ShowsPassword(url) != want.password || (NotGit(url) != "") != want.archive || WithoutUser(url) != want.shown {
			t.Errorf("%s: remote %t, password %t, archive %q, shown as %q", url, IsRemote(url), ShowsPassword(url), NotGit(url), WithoutUser(url))
		}
	}
}
