package project

import (
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// Source says where a project's files come from, to tell two projects of the same
// name apart. See Project.Source.
type Source struct {
	// Remote is the git remote's URL, or empty.
	Remote string
	// Path is the folder of the first file, relative to the repository's root,
	// or absolute outside of one.
	Path string
}

// Source is where the files of the project come from, to tell projects of the same
// name apart.
func (p *Project) Source() Source {
	if p.Git.Path == "" || plainRemote(p.Git.Remote) == "" {
		if real, err := filepath.EvalSymlinks(p.Dir); err == nil {
			return Source{Path: real} // one folder, whatever links lead to it
		}
		return Source{Path: p.Dir}
	}
	return Source{Remote: p.Git.Remote, Path: p.Git.Path}
}

// String is the source in one form, whatever form the remote's URL has:
// "github.com/acme/shop//deploy", "github.com/acme/shop" for the repository's root,
// or the folder if there is no remote that others could use too. It contains no
// user, password or token of the URL.
func (s Source) String() string {
	remote := plainRemote(s.Remote)
	if remote == "" {
		return s.Path
	}
	if p := path.Clean(s.Path); p != "." {
		return remote + "//" + p
	}
	return remote
}

// ReadSource reads what String wrote. It also reads the records of older versions
// of berth, which have the remote's URL unchanged.
func ReadSource(text string) Source {
	if strings.HasPrefix(text, "/") {
		return Source{Path: text}
	}
	// A URL has a // too, but that of its scheme comes before that of the path.
	i := strings.LastIndex(text, "//")
	if i < 0 || strings.HasSuffix(text[:i], ":") {
		return Source{Remote: text, Path: "."}
	}
	return Source{Remote: text[:i], Path: text[i+2:]}
}

// Same says whether two sources are the same: the same repository, however its URL
// is written, and the same path in it; or the same folder. Git servers ignore upper
// and lower case in the names of repositories.
func (s Source) Same(o Source) bool {
	a, b := plainRemote(s.Remote), plainRemote(o.Remote)
	if a == "" || b == "" {
		return a == b && path.Clean(s.Path) == path.Clean(o.Path)
	}
	return strings.EqualFold(a, b) && path.Clean(s.Path) == path.Clean(o.Path)
}

// plainRemote is HOST/PATH of a git remote in any of its forms: https, ssh,
// git, HOST:PATH; with or without a user, a password, a port and ".git". For an
// absolute path it is "file:PATH". For a relative path, which no other folder could
// share, it is empty.
// https://git-scm.com/docs/git-fetch#_git_urls
func plainRemote(remote string) string {
	remote, _, _ = strings.Cut(strings.TrimSpace(remote), "?")
	remote, _, _ = strings.Cut(remote, "#")
	if rest, ok := strings.CutPrefix(remote, "codecommit::"); ok {
		return codeCommit(rest)
	}
	scheme, rest, isURL := strings.Cut(remote, "://")
	switch {
	case isURL && scheme == "codecommit":
		return codeCommit("//" + rest)
	case isURL && scheme == "file":
		return localRemote(rest)
	case isURL:
		if text, err := url.PathUnescape(rest); err == nil {
			rest = text
		}
		return hosted(splitURL(rest))
	case strings.HasPrefix(remote, "file:"):
		return localRemote(strings.TrimPrefix(remote, "file:"))
	case strings.HasPrefix(remote, "/"):
		return localRemote(remote)
	}
	// HOST:PATH, unless a slash comes before the colon. What String wrote has no
	// colon, and a dot in its host.
	host, p, ok := strings.Cut(remote, ":")
	if ok && !strings.Contains(host, "/") {
		return hosted(host, p)
	}
	host, p, ok = strings.Cut(remote, "/")
	if !ok || host == "." || host == ".." || host == "" {
		return ""
	}
	return hosted(host, p)
}

// splitURL splits what follows the scheme into host and path. A password that is
// not encoded may contain any character: then everything before the last "@" is
// dropped.
func splitURL(rest string) (host, p string) {
	host, p, _ = strings.Cut(rest, "/")
	_, port, hasPort := strings.Cut(host, ":")
	if hasPort && !strings.Contains(host, "@") && strings.Trim(port, "0123456789") != "" {
		if i := strings.LastIndex(rest, "@"); i >= 0 {
			host, p, _ = strings.Cut(rest[i+1:], "/")
		}
	}
	return host, p
}

// hosted joins a host and a path, without the port: https and ssh use different
// ports of the same server.
func hosted(host, p string) string {
	host = host[strings.LastIndex(host, "@")+1:]
	if i := strings.LastIndex(host, ":"); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	host = strings.ToLower(host)
	p = strings.TrimSuffix(strings.Trim(path.Clean("/"+p), "/"), ".git")
	switch host {
	// The hosts for ssh over the port of https.
	// https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port
	case "ssh.github.com", "altssh.gitlab.com", "altssh.bitbucket.org":
		_, host, _ = strings.Cut(host, ".")
	// https://learn.microsoft.com/en-us/azure/devops/repos/git/use-ssh-keys-to-authenticate
	case "ssh.dev.azure.com", "dev.azure.com":
		host, p = "dev.azure.com", strings.Replace(strings.TrimPrefix(p, "v3/"), "/_git/", "/", 1)
	}
	if host == "" || p == "" {
		return ""
	}
	return host + "/" + p
}

// codeCommit is the remote of AWS's own helper: codecommit::REGION://PROFILE@NAME.
// https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-git-remote-codecommit.html
func codeCommit(rest string) string {
	region, name, _ := strings.Cut(rest, "//")
	region = strings.TrimSuffix(region, ":")
	host := "git-codecommit.amazonaws.com"
	if region != "" {
		host = "git-codecommit." + region + ".amazonaws.com"
	}
	return hosted(host, "v1/repos/"+name[strings.LastIndex(name, "@")+1:])
}

func localRemote(p string) string {
	p = strings.TrimSuffix(path.Clean("/"+strings.TrimLeft(p, "/")), ".git")
	return "file:" + strings.TrimSuffix(p, "/")
}
