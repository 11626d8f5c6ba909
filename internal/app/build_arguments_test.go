package app_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
)

// TestBuildArgumentsSetUpNoProgram: what docker, git, ssh, a shell, the loader or
// a library reads from its environment is no name for an argument, at its line.
func TestBuildArgumentsSetUpNoProgram(t *testing.T) {
	t.Parallel()
	for _, name := range strings.Fields(`PATH HOME TMPDIR LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES BASH_ENV ENV SHELLOPTS
		BASH_FUNC_ls PS4 PROMPT_COMMAND GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0 GIT_CONFIG_GLOBAL GIT_CONFIG_PARAMETERS GIT_SSH
		GIT_SSH_COMMAND GIT_ASKPASS GIT_PROXY_COMMAND GIT_EXTERNAL_DIFF GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_DIR SSH_ASKPASS SSH_AUTH_SOCK
		SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE XDG_CONFIG_HOME XDG_RUNTIME_DIR DOCKER_HOST DOCKER_CONFIG DOCKER_CONTEXT DOCKER_TLS_VERIFY
		DOCKER_CERT_PATH BUILDX_CONFIG BUILDX_BUILDER BUILDX_BAKE_GIT_SSH AWS_ACCESS_KEY_ID AWS_ENDPOINT_URL AWS_PROFILE GODEBUG GNUPGHOME
		GPG_TTY KUBECONFIG OTEL_EXPORTER_OTLP_ENDPOINT NETRC EDITOR PAGER LESSOPEN EXPERIMENTAL_BUILDKIT_SOURCE_POLICY PYTHONPATH BERTH_SANDBOX
		path git_config_count LOCPATH HOSTALIASES RES_OPTIONS PASSWORD_STORE_DIR`) {
		if list := problemsOf(t, "build: {context: ., args: {"+name+": hunter2}}"); len(list) != 1 || list[0].At.Line != 6 || list[0].Remedy == "" || strings.Contains(fmt.Sprint(list[0]), "hunter2") {
			t.Errorf("%s: %+v", name, list)
		}
	}
	for _, bad := range []string{`"A B"`, `"A-B"`, `"1A"`, `""`, `"A.B"`} {
		if list := problemsOf(t, "build: {context: ., args: {"+bad+": x}}"); len(list) != 1 {
			t.Errorf("%s: %+v", bad, list)
		}
	}
	if list := problemsOf(t, "build: {context: ., args: {HTTPS_PROXY: 'http://me:hunter2@proxy'}}"); len(list) != 1 {
		t.Errorf("a proxy's password: %+v", list)
	}
	for _, name := range []string{"VERSION", "NODE_ENV", "NPM_TOKEN", "GO_VERSION", "APP_PATH", "HTTPS_PROXY", "no_proxy", "BUILDKIT_INLINE_CACHE", "SOURCE_DATE_EPOCH", "PIP_INDEX_URL", "RAILS_ENV", "_x", "UID"} {
		if list := problemsOf(t, "build: {context: ., args: {"+name+": 'x'}}"); len(list) != 0 {
			t.Errorf("%s: %+v", name, list)
		}
		if set := app.BuildSetting(name); set != (strings.Contains(strings.ToLower(name), "proxy") || strings.HasPrefix(name, "BUILDKIT_") || name == "SOURCE_DATE_EPOCH") {
			t.Errorf("%s: a setting: %v", name, set)
		}
	}
}

// problemsOf loads a file with one more key on its sixth line.
func problemsOf(t *testing.T, key string) []project.Problem {
	t.Helper()
	text := "services:\n  web:\n    image: nginx:1.29\n    restart: always\n    init: true\n    " + key + "\n"
	if top, ok := strings.CutPrefix(key, "top:"); ok {
		text = "services:\n  web:\n    image: nginx:1.29\n    restart: always\n    init: true\n" + top + "\n"
	}
	text += "secrets: {s: {environment: S}}\nvolumes: {v: {}}\n"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Env: []string{}})
	if err == nil {
		_, _, err = app.From(p, app.Options{})
	}
	var problems *project.Problems
	if err != nil && !errors.As(err, &problems) {
		t.Fatal(err)
	}
	if problems == nil {
		return nil
	}
	return problems.List
}
