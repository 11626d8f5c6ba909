package why_test

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/why"
)

// TestDatabases: the first line is the status in words, the next step is about it.
func TestDatabases(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]struct{ cause, next string }{
		"available":                           {"nothing is wrong", ""},
		"modifying":                           {"nothing is wrong", ""},
		status.Absent:                         {"it is not deployed", "`berth up`"},
		"stopped":                             {"the database is stopped", "--db-instance-identifier shop-db"},
		"storage-full":                        {"storage is full", "storage_gib"},
		"inaccessible-encryption-credentials": {"KMS key", "enable the key"},
		"incompatible-network":                {"no place in its network", "make room"},
		"incompatible-parameters":             {"cannot start with its parameters", "`berth plan --deep`"},
		"deleting":                            {"is being deleted", "`berth up`"},
		"failed":                              {"the database is failed", "console"},
	} {
		a := why.Database(status.Database{Name: "db", State: state}, status.WantedDatabase{Name: "db", AWSName: "shop-db"})
		if !strings.Contains(a.Cause, want.cause) || !strings.Contains(a.Next, want.next) || (a.State == why.Well) != (a.Next == "") {
			t.Errorf("%s: %+v", state, a)
		}
		if a.State == why.Wrong && (a.Code != "database" || len(a.Evidence) != 1) {
			t.Errorf("%s: %+v", state, a)
		}
	}
}
