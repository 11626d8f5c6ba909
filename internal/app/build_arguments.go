package app

import (
	"regexp"
	"slices"
	"strings"
)

// argumentName is what a variable of a process, and an ARG, can be called.
var argumentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// BuildSetting says whether BuildKit itself reads a build argument: its own
// switches, the time of a reproducible build, and the proxies. They are no
// secrets and go to docker as arguments.
// https://docs.docker.com/build/building/variables/#pre-defined-build-arguments
func BuildSetting(name string) bool {
	upper := strings.ToUpper(name)
	return strings.HasPrefix(name, "BUILDKIT_") || name == "SOURCE_DATE_EPOCH" || isProxy(upper)
}

func isProxy(upper string) bool {
	return slices.Contains([]string{"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"}, upper)
}

// ArgumentProblem says why a build argument cannot be handed to docker. The
// value of an argument reaches docker as a variable of the same name, because
// all users of a machine can read a command line. So a name that docker, git,
// ssh, a shell, the loader or Go's libraries read themselves is none for an
// argument: the file would set up the programs of the machine that builds.
func ArgumentProblem(name, value string) string {
	upper := strings.ToUpper(name)
	switch {
	case !argumentName.MatchString(name):
		return "it is not letters, digits and underscores"
	case isProxy(upper) && strings.Contains(value, "@"):
		return "a proxy's password would stand in the arguments of docker, for all on this computer to read"
	case BuildSetting(name):
		return ""
	case slices.Contains(readByPrograms, upper):
		return "docker, or a program that it starts, reads a variable of that name"
	}
	if strings.HasSuffix(upper, "_VERSION") {
		return "" // as in PYTHON_VERSION, which chooses an image
	}
	for _, prefix := range readByPrefix {
		if strings.HasPrefix(upper, prefix) {
			return "docker, or a program that it starts, reads variables that begin with " + prefix
		}
	}
	return ""
}

// readByPrefix begin the variables of docker and its plugins, git, ssh, the
// loaders, Go and OpenSSL, the cloud's SDKs, telemetry, and berth.
var readByPrefix = []string{
	"DOCKER_", "BUILDX_", "COMPOSE_", "CONTAINERD_", "MOBY_", "GIT_", "SSH_", "GPG_", "PINENTRY_", "LD_", "DYLD_", "GLIBC_", "MALLOC_", "SSL_", "OPENSSL_",
	"CURL_", "XDG_", "DBUS_", "SYSTEMD_", "LC_", "BASH_", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PERL5", "RUBYOPT", "RUBYLIB", "NODE_EXTRA_", "AWS_", "AZURE_", "GOOGLE_", "CLOUDSDK_", "ACTIONS_",
	"OTEL_", "JAEGER_", "PASSWORD_STORE_", "KUBE", "BERTH_", "GOTRACEBACK", "GOCOVERDIR",
}

// readByPrograms are further variables of the same programs, and of every
// process.
var readByPrograms = []string{
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "OLDPWD", "TMPDIR", "TMP", "TEMP", "TERM", "LANG", "LANGUAGE", "TZ", "TZDIR", "ENV", "IFS", "PS4",
	"SHELLOPTS", "BASHOPTS", "CDPATH", "GLOBIGNORE", "PROMPT_COMMAND", "NLSPATH", "LOCPATH", "HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS", "RESOLV_HOST_CONF",
	"GETCONF_DIR", "GCONV_PATH", "NIS_PATH", "EDITOR", "VISUAL", "PAGER", "LESSOPEN", "LESSCLOSE", "LESS", "BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
	"GODEBUG", "GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GNUPGHOME", "NETRC", "KRB5_CONFIG", "KRB5CCNAME", "HTTP_PROXY_USER", "REQUEST_METHOD",
	"EXPERIMENTAL_BUILDKIT_SOURCE_POLICY", "BUILDX", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES",
	"USERPROFILE", "HOMEDRIVE", "HOMEPATH", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
}
