package project

import (
	"strings"
	"testing"
)

// TestSourcesOfOneRepository writes one remote in every form that a laptop, a CI
// system or an older record may use.
func TestSourcesOfOneRepository(t *testing.T) {
	t.Parallel()
	groups := map[string][]string{
		"github.com/acme/shop": {
			"https://github.com/acme/shop.git", "https://github.com/acme/shop", "https://github.com/acme/shop/",
			"https://ana@github.com/acme/shop.git", "https://x-access-token:ghs_s3cret@github.com/acme/shop",
			"https://ci:p/w:s3cret@github.com/acme/shop.git", "https://github.com/acme/shop.git?token=s3cret",
			"ssh://git@github.com/acme/shop.git", "ssh://git@github.com:22/acme/shop.git", "git@github.com:acme/shop.git",
			"git@github.com:acme/shop", "github.com:/acme/shop.git", "git://github.com/acme/shop.git",
			"ssh://git@ssh.github.com:443/acme/shop.git", "https://GitHub.com/Acme/Shop.git", "github.com/acme/shop",
			"git+ssh://git@github.com/acme/shop.git", "https://github.com:443//acme/shop.git",
		},
		"dev.azure.com/acme/shop/web": {
			"https://acme@dev.azure.com/acme/shop/_git/web", "git@ssh.dev.azure.com:v3/acme/shop/web",
		},
		"git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop": {
			"https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop", "codecommit::eu-west-1://shop",
			"codecommit::eu-west-1://s3cret@shop", "ssh://APKA@git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop",
		},
		"file:/srv/git/shop": {"/srv/git/shop.git", "file:///srv/git/shop", "file:/srv/git/shop"},
	}
	var firsts []Source
	for want, forms := range groups {
		first := Source{Remote: forms[0], Path: "deploy"}
		firsts = append(firsts, first)
		for _, form := range forms {
			s := Source{Remote: form, Path: "deploy"}
			if got := s.String(); !strings.EqualFold(got, want+"//deploy") {
				t.Errorf("%s is %s, want %s//deploy", form, got, want)
			}
			if strings.Contains(s.String(), "s3cret") {
				t.Errorf("%s: the secret is in %s", form, s)
			}
			if !s.Same(first) || !ReadSource(s.String()).Same(first) {
				t.Errorf("%s and %s are two sources", form, forms[0])
			}
			if strings.Contains(form, "://") && !strings.Contains(form, "codecommit::") && !ReadSource(form+"//deploy").Same(first) {
				t.Errorf("the record of an older berth, %s//deploy, is another source", form)
			}
			if s.Same(Source{Remote: form, Path: "."}) || s.Same(Source{Path: "/home/ana/shop"}) {
				t.Errorf("%s: another path or a folder is the same source", form)
			}
		}
	}
	for i, a := range firsts {
		for _, b := range firsts[:i] {
			if a.Same(b) {
				t.Errorf("%s and %s are one source", a, b)
			}
		}
	}
}

func TestSourcesThatAreFolders(t *testing.T) {
	t.Parallel()
	here := Source{Path: "/home/ana/shop"}
	tests := []struct {
		name string
		s    Source
		same bool
	}{
		{"the same folder", Source{Path: "/home/ana/shop"}, true},
		{"a moved one", Source{Path: "/home/ana/old/shop"}, false},
		{"a remote that is a relative path", Source{Remote: "../shop", Path: "/home/ana/shop"}, true},
		{"a repository", Source{Remote: "git@github.com:acme/shop", Path: "/home/ana/shop"}, false},
	}
	for _, tt := range tests {
		if got := here.Same(tt.s); got != tt.same {
			t.Errorf("%s: same %t, want %t", tt.name, got, tt.same)
		}
		if got := here.Same(ReadSource(tt.s.String())); got != tt.same {
			t.Errorf("%s, as a record has it: same %t, want %t", tt.name, got, tt.same)
		}
	}
	if got := (Source{Remote: "git@github.com:acme/shop", Path: "."}).String(); got != "github.com/acme/shop" {
		t.Errorf("the root of a repository is %s", got)
	}
}
