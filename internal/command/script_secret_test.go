package command_test

import (
	"encoding/json"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// holds wants a secret of the sandbox to have a value, whose escapes are Go's:
// holds /berth/ENVIRONMENT/NAME VALUE.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: holds PATH VALUE")
	}
	var world struct {
		Parts struct {
			SSM struct {
				Parameters struct {
					Rows map[string]struct {
						Value struct{ Versions []struct{ Value []byte } }
					}
				}
			}
		}
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(".berth/sandbox.json")), &world))
	row, ok := world.Parts.SSM.Parameters.Rows[args[0]]
	if !ok {
		ts.Fatalf("there is no parameter %s", args[0])
	}
	want := strings.NewReplacer(`\n`, "\n", `\r`, "\r").Replace(args[1])
	if got := string(row.Value.Versions[len(row.Value.Versions)-1].Value); got != want {
		ts.Fatalf("%s holds %q, want %q", args[0], got, want)
	}
}
