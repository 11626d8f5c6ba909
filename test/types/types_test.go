package types

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

var update = flag.Bool("update", false, "write docs/resource-types.md anew")

const root = "../.."

func all(t *testing.T) []engine.AnyType {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return aws.Types(aws.NewClients(w.Config()), aws.Place{
		Account: w.Account(), Region: w.Region(), Partition: "aws", Clock: clock.Wall{},
	})
}

// home matches the folder and the Go name of a type's resource: %T of an erased
// type is engine.erased[github.com/berthdev/berth/internal/aws/ec2.Subnet].
var home = regexp.MustCompile(`\[github\.com/berthdev/berth/(internal/(?:.*/)?(\w+))\.(\w+)\]$`)

// elsewhere are the types that are tested in another package, and where.
func elsewhere() map[string]string {
	return map[string]string{
		"ec2":        "TestCrashPoints of test/crash takes a project's network through every call; its TestEveryWaitOfEveryTypeIsTold fails for a type that the project lacks",
		"ssm.secret": "never desired: secret.txtar makes one, and down --delete-data finds it",
		"cloudflare": "its calls are no AWS calls: test/crash and names_cloudflare.txtar take it through a life",
	}
}

// TestEveryTypeHasALife: the tests of a type's package make its objects, and
// run a story with them through every crash point.
func TestEveryTypeHasALife(t *testing.T) {
	t.Parallel()
	types := all(t)
	if len(types) < 30 {
		t.Fatalf("found %d types", len(types))
	}
	for _, typ := range types {
		name := typ.Spec().Name
		at := home.FindStringSubmatch(fmt.Sprintf("%T", typ))
		if at == nil {
			t.Errorf("%s: no package in %T", name, typ)
			continue
		}
		if elsewhere()[name] != "" {
			continue
		}
		tests := testsIn(t, filepath.Join(root, at[1]))
		if !strings.Contains(tests, at[2]+"."+at[3]+"{") {
			t.Errorf("%s: no test of %s makes a %s.%s: add one, as in internal/aws/logs/life_test.go", name, at[1], at[2], at[3])
		}
		if elsewhere()[at[2]] == "" && !strings.Contains(tests, "typetest.Run(") {
			t.Errorf("%s: the tests of %s have no story: typetest.Run", name, at[1])
		}
	}
}

func testsIn(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(data)
	}
	return text.String()
}

// TestTypesPage writes docs/resource-types.md, with -update, and fails when it
// is out of date.
func TestTypesPage(t *testing.T) {
	t.Parallel()
	page, path := pageOf(all(t)), filepath.Join(root, "docs", "resource-types.md")
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != page {
		t.Errorf("%s is out of date (error %v): go generate ./test/types", path, err)
	}
}

func pageOf(types []engine.AnyType) string {
	var b strings.Builder
	b.WriteString(`# Resource types

What berth makes in an account, from the code: ` + "`go generate ./test/types`" + `. The
first column is what plans and addresses say. *Found again by* is how a repeated
creation finds what the first one made. The times are typical ones.

| type | found again by | ready after | gone after | what ` + "`down`" + ` leaves |
|---|---|---|---|---|
`)
	for _, typ := range types {
		s := typ.Spec()
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", s.Name, identity(s.Identity), span(s.ReadyIn), span(s.GoneIn), stays(s))
	}
	return b.String()
}

func stays(s engine.Spec) string {
	switch {
	case s.KeepAlways:
		return "always: " + s.Keep
	case strings.Contains(s.Keep, "--delete-data"):
		return s.Keep
	case s.Keep != "":
		return s.Keep + " (`--delete-data` deletes it)"
	}
	return s.Leaves
}

func span(d time.Duration) string {
	if d < time.Second {
		return "at once"
	}
	return clock.Roughly(d)
}

func identity(i engine.Identity) string {
	switch i {
	case engine.UniqueName:
		return "its name, which AWS gives once"
	case engine.SilentName:
		return "its name, after a look at its owner"
	case engine.Token:
		return "a token"
	case engine.ByTag:
		return "its tags"
	default:
		return "its parent"
	}
}
