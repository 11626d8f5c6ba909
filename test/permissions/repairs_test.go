package permissions

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// repairs are the actions of the calls that the resource types make, read off
// their source: a life without accidents does not need all of them, and a run
// that mends something must not end at a missing permission.
func repairs(t *testing.T) []string {
	t.Helper()
	prefixes := map[string]string{
		"ec2": "ec2", "ecs": "ecs", "elb": "elasticloadbalancing", "iam": "iam", "logs": "logs", "sd": "servicediscovery",
		"efs": "elasticfilesystem", "s3files": "s3files", "nfs": "ec2", "roles": "iam", "rds": "rds", "elasticache": "elasticache",
	}
	calls := regexp.MustCompile(`(?:API|api)\.([A-Z]\w+)\(ctx|(\w+)\.New([A-Z]\w+)Paginator\(`)
	var actions []string
	for folder, prefix := range prefixes {
		files, err := filepath.Glob(filepath.Join("..", "..", "internal", "aws", folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no types in %s: %v", folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || filepath.Base(file) == "contents.go" {
				continue // contents.go empties clusters for the operator alone
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range calls.FindAllStringSubmatch(string(source), -1) {
				// A type may list what belongs to another service.
				of := prefix
				if other, ok := prefixes[m[2]]; ok {
					of = other
				}
				actions = append(actions, of+":"+m[1]+m[3])
			}
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// TestRepairsAreFound proves that the reading of the source finds calls of both
// shapes.
func TestRepairsAreFound(t *testing.T) {
	t.Parallel()
	found := repairs(t)
	for _, want := range []string{"ec2:RevokeSecurityGroupIngress", "iam:ListRoles", "ecs:StopTask"} {
		if !slices.Contains(found, want) {
			t.Errorf("%s is not among %v", want, found)
		}
	}
}
