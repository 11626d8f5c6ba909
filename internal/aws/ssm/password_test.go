package ssm_test

import (
	"crypto/rand"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	sdk "github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestPasswordOnMoto(t *testing.T) {
	t.Parallel()
	passwordLife(t, typetest.Moto(t))
}

func TestPasswordInSandbox(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, passwordLife)
}

func TestPasswordCrashPoints(t *testing.T) {
	t.Parallel()
	typetest.CrashPoints(t, typetest.Story{
		Kinds: func(cfg aws.Config) []engine.AnyType { return passwords(cfg, &steady{}) },
		Ground: func(*testing.T, aws.Config, clock.Clock) []*engine.Graph {
			return []*engine.Graph{desiredPassword("", "first one"), desiredPassword("", "second one")}
		},
	})
}

// steady reads the same bytes in every process, so that worlds can be compared.
type steady struct{ n byte }

func (s *steady) Read(p []byte) (int, error) {
	for i := range p {
		s.n++
		p[i] = s.n
	}
	return len(p), nil
}

func passwords(cfg aws.Config, random interface{ Read([]byte) (int, error) }) []engine.AnyType {
	return []engine.AnyType{engine.Erase(ssm.Passwords{
		API: sdk.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg), Random: random,
		Account: "123456789012", Region: cfg.Region, Partition: "aws",
	})}
}

// desiredPassword is a password that berth makes, and one of the file.
func desiredPassword(made, text string) *engine.Graph {
	g := engine.NewGraph()
	add := func(name, text string) {
		p := ssm.Password{Name: "/berth/shop-dev/shop/" + name + "/password", Value: ssm.Generated}
		if text != "" {
			p.Value, p.Text = ssm.FromFile, text
		}
		g.Add(typetest.Stack, name, p)
	}
	add("db", made)
	add("other", text)
	return g
}

// passwordLife takes passwords through their whole life. A generated password
// stays the same until the file names another one.
func passwordLife(t *testing.T, cfg aws.Config) {
	t.Helper()
	d := typetest.New(t, cfg, clock.Wall{}, func(cfg aws.Config) []engine.AnyType { return passwords(cfg, rand.Reader) })
	first := desiredPassword("", "of-the-file")
	d.Up(first, false)
	made := parameter(t, cfg, "db")
	if !regexp.MustCompile(`^[A-Za-z0-9]{32}$`).MatchString(made) {
		t.Errorf("a generated password has %d characters, or not the right ones", len(made))
	}
	d.MustPlan("", first, false)
	d.MustPlan("", first, true)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	if parameter(t, cfg, "db") != made || parameter(t, cfg, "other") != "of-the-file" {
		t.Error("making the passwords once more has changed them")
	}

	d.MustPlan("update ssm.password/other (value differs)", desiredPassword("", "another-one"), false)
	d.Up(desiredPassword("", "another-one"), false)
	d.Up(desiredPassword("", "another-one"), false)
	if parameter(t, cfg, "other") != "another-one" {
		t.Error("the password of the file does not count")
	}
	// A teardown keeps them, and the next deployment uses them.
	err := d.Try(t.Context(), nil, false, engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("", desiredPassword("", "another-one"), false)
	for _, l := range d.World(first, true).Objects("ssm.password") {
		for name, v := range l.Attrs {
			if strings.Contains(v, made) || strings.Contains(v, "another-one") {
				t.Errorf("attribute %s shows the password", name)
			}
		}
	}
	d.Down()
}

func parameter(t *testing.T, cfg aws.Config, service string) string {
	t.Helper()
	out, err := sdk.NewFromConfig(cfg).GetParameter(t.Context(), &sdk.GetParameterInput{
		Name: aws.String("/berth/shop-dev/shop/" + service + "/password"), WithDecryption: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Parameter.Value)
}
