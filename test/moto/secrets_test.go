package moto

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// TestSecrets sets secrets, deploys with them, changes one, and tears down. No
// value is in what berth prints, writes or registers.
func TestSecrets(t *testing.T) {
	t.Parallel()
	const marker = "marker-7d41"
	// moto issues a certificate after a minute, without checking. The plans here
	// must not depend on how long the test takes.
	m := start(t, "MOTO_ACM_VALIDATION_WAIT=86400")
	dir := project(t, everything("1.28"))
	m.secrets(t, dir)
	values := func(value string) {
		t.Helper()
		path := filepath.Join(dir, "secrets.env")
		if err := os.WriteFile(path, []byte("TOKEN="+value+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		m.berth(t, dir, "secret", "import", "secrets.env").mustExit(t, 0)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	values(marker + "-one")
	outputs := m.told(t, dir, 0, "up", "--yes")
	m.berth(t, dir, "plan", "--exit-code").mustExit(t, 0)
	was := m.revisions(t)
	if got := m.parameter(t, "/berth/all-dev/all/web/URL"); got != "redis://:"+marker+"-one@redis" {
		t.Errorf("the assembled value is %q", got)
	}

	values(marker + "-two")
	outputs += m.told(t, dir, 2, "plan", "--exit-code")
	outputs += m.told(t, dir, 0, "up", "--yes", "--json", "--debug")
	m.berth(t, dir, "plan", "--exit-code").mustExit(t, 0)
	if is := m.revisions(t); len(is) != len(was)+1 {
		t.Errorf("web alone has a new revision: %v, then %v", was, is)
	}
	if got := m.parameter(t, "/berth/all-dev/all/web/URL"); got != "redis://:"+marker+"-two@redis" {
		t.Errorf("the assembled value is %q after the change", got)
	}
	for _, arn := range m.revisions(t) {
		out, err := m.clients().ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		outputs += string(text)
	}
	m.berth(t, dir, "down", "--yes").mustExit(t, 0)
	if got := m.parameter(t, "/berth/all-dev/TOKEN"); got != marker+"-two" {
		t.Errorf("after down the secret is %q", got)
	}
	m.berth(t, dir, "down", "--yes", "--delete-data").mustExit(t, 0)
	left, err := m.clients().SSM.DescribeParameters(t.Context(), &ssm.DescribeParametersInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(left.Parameters) > 0 {
		t.Errorf("%d parameters are left after --delete-data", len(left.Parameters))
	}
	if strings.Contains(outputs, marker) {
		t.Errorf("a value shows:\n%s", outputs)
	}
}

// parameter returns the value of a parameter.
func (s *server) parameter(t *testing.T, name string) string {
	t.Helper()
	out, err := s.clients().SSM.GetParameter(t.Context(), &ssm.GetParameterInput{Name: &name, WithDecryption: sdk.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return sdk.ToString(out.Parameter.Value)
}

// told returns everything that a command printed.
func (s *server) told(t *testing.T, dir string, code int, args ...string) string {
	t.Helper()
	r := s.berth(t, dir, args...)
	r.mustExit(t, code)
	return r.out + r.talk
}
