package ssm_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	client "github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life,
		Ground: func(t *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			first := set(t, cfg, "PW", "one")
			second := set(t, cfg, "PW", "two")
			return []*engine.Graph{desired("@db", first), desired("@db", second), desired("@other", second)}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	api := client.NewFromConfig(cfg)
	return []engine.AnyType{engine.Erase(ssm.Parameters{
		API: api, Tagging: resourcegroupstaggingapi.NewFromConfig(cfg),
		Account: "123456789012", Region: cfg.Region, Partition: "aws",
	}), engine.Erase(ssm.Secrets{API: api})}
}

func store(cfg aws.Config) ssm.Store {
	return ssm.Store{API: client.NewFromConfig(cfg), Environment: "shop-dev"}
}

// set sets a secret and returns its version as a plan has it.
func set(t *testing.T, cfg aws.Config, name, value string) string {
	t.Helper()
	if _, _, err := store(cfg).Set(t.Context(), name, value, false); err != nil {
		t.Fatal(err)
	}
	path := ssm.Path("shop-dev", name)
	versions, err := ssm.Versions(t.Context(), client.NewFromConfig(cfg), []string{path})
	if err != nil || versions[path].Number == 0 {
		t.Fatalf("the version of %s: %v, %v", name, versions, err)
	}
	return versions[path].String()
}

// desired is two services with a URL around a password.
func desired(rest, version string) *engine.Graph {
	g := engine.NewGraph()
	for _, service := range []string{"api", "web"} {
		g.Add(typetest.Stack, service+"/URL", ssm.Parameter{
			Name:  "/berth/shop-dev/shop/" + service + "/URL",
			Value: []ssm.Part{{Text: "x://u:"}, {Secret: "PW"}, {Text: rest}}, Secrets: []string{"PW " + version},
		})
	}
	return g
}

func valueOf(t *testing.T, cfg aws.Config, name string) string {
	t.Helper()
	out, err := client.NewFromConfig(cfg).GetParameter(t.Context(), &client.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	if out.Parameter.Type != types.ParameterTypeSecureString {
		t.Errorf("%s is a %s", name, out.Parameter.Type)
	}
	return aws.ToString(out.Parameter.Value)
}

// life takes assembled parameters through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	const url = "/berth/shop-dev/shop/web/URL"
	first := set(t, cfg, "PW", "one")
	g := desired("@db", first)
	d.Up(g, false)
	if err := d.Blind(g, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	if got := valueOf(t, cfg, url); got != "x://u:one@db" {
		t.Errorf("the value is %q", got)
	}
	calls := d.Calls()
	d.MustPlan("", g, false)
	if got := d.Calls() - calls; got != 1 {
		t.Errorf("a shallow reading took %d calls, want 1", got)
	}
	d.MustPlan("", g, true)

	second := set(t, cfg, "PW", "two")
	if got := valueOf(t, cfg, url); got != "x://u:one@db" {
		t.Errorf("before the next deployment the value is %q", got)
	}
	d.Up(desired("@db", second), true)
	d.MustPlan("", desired("@db", second), true)
	if got := valueOf(t, cfg, url); got != "x://u:two@db" {
		t.Errorf("with another secret the value is %q", got)
	}
	// The version of the plan counts, not the newest.
	d.Up(desired("@other", first), true)
	if got := valueOf(t, cfg, url); got != "x://u:one@other" {
		t.Errorf("with the first version the value is %q", got)
	}
	d.Down()
	if got := valueOf(t, cfg, "/berth/shop-dev/PW"); got != "two" {
		t.Errorf("the secret is %q after a teardown", got)
	}
	strangers(t, cfg, d, second)
	if err := store(cfg).Remove(t.Context(), "PW"); err != nil {
		t.Error(err)
	}
}

// strangers has a parameter of a wanted name made by somebody else.
func strangers(t *testing.T, cfg aws.Config, d *typetest.Driver, version string) {
	t.Helper()
	name := "/berth/shop-dev/shop/guest/URL"
	_, err := client.NewFromConfig(cfg).PutParameter(t.Context(), &client.PutParameterInput{
		Name: &name, Value: aws.String("theirs"), Type: types.ParameterTypeSecureString,
	})
	if err != nil {
		t.Fatal(err)
	}
	g := engine.NewGraph()
	guest := g.Add(typetest.Stack, "guest/URL", ssm.Parameter{
		Name: name, Value: []ssm.Part{{Secret: "PW"}}, Secrets: []string{"PW " + version},
	})
	var taken *engine.TakenError
	if err := d.Blind(g, nil); !errors.As(err, &taken) || taken.Name != name {
		t.Errorf("with an unmarked parameter of the name: %v, want a TakenError", err)
	}
	if got := valueOf(t, cfg, name); got != "theirs" {
		t.Errorf("their value is %q now", got)
	}
	if err := d.Blind(g, map[engine.Address]bool{guest.Address: true}); err != nil {
		t.Errorf("adopting the parameter: %v", err)
	}
	d.MustPlan("", g, true)
	d.Down()
}

// TestNoValueInErrors: a secret that is gone, and a value that is too long.
func TestNoValueInErrors(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		d := typetest.New(t, cfg, clock.Wall{}, kinds)
		const marker = "marker-5e1f"
		version := set(t, cfg, "PW", marker+strings.Repeat("x", ssm.MaxValue-len(marker)))
		err := d.Blind(desired("@db", version), nil)
		var size *ssm.SizeError
		if !errors.As(err, &size) || strings.Contains(err.Error(), marker) {
			t.Errorf("a value that is too long: %v", err)
		}
		if err := store(cfg).Remove(t.Context(), "PW"); err != nil {
			t.Fatal(err)
		}
		var changed *ssm.ChangedError
		if err := d.Blind(desired("@db", version), nil); !errors.As(err, &changed) {
			t.Errorf("a secret that is gone: %v", err)
		}
		if _, _, err := store(cfg).Set(t.Context(), "PW", strings.Repeat(marker, 1000), false); !errors.As(err, &size) || strings.Contains(err.Error(), marker) {
			t.Errorf("setting a value that is too long: %v", err)
		}
	})
}
