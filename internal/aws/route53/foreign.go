package route53

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/engine"
)

// Foreign is an existing record that has the name of a desired one without
// carrying its mark.
type Foreign struct {
	Name, Kind string
	// Values are the record's values, as text.
	Values string
	// Owner is another owner in the record's mark; empty if it carries none.
	Owner string
}

// Foreign returns the records that conflict with desired ones, all in one zone,
// so that a run can refuse before it changes anything. A record that may be
// shared and has the desired values does not conflict.
func (t Records) Foreign(ctx context.Context, zone string, wanted map[engine.Address]Record) (map[engine.Address]Foreign, error) {
	all, err := sets(ctx, t.API, zone)
	if err != nil {
		return nil, err
	}
	found := map[engine.Address]Foreign{}
	for a, want := range wanted {
		name, kind := bareName(want.Name.Value()), types.RRType(want.Kind)
		mine, _ := find(all, t.markOf(a.Owner, name, kind), types.RRTypeTxt)
		if m, _, ok := readMark(mine); ok && m.Address == a {
			continue
		}
		for _, s := range blocking(all, name, kind) {
			set, valued := setOf(want, name)
			if want.Shared && valued && s.Type == kind && sameValues(s, set) {
				continue
			}
			f := Foreign{Name: name, Kind: string(s.Type)}
			shown := shownRecord(zone, name, s)
			f.Values = strings.Join(append(engine.Values(shown.Values), shown.Alias.Value()), " ")
			if marks := marksOf(all, name, s.Type); len(marks) > 0 {
				m, _, _ := readMark(marks[0])
				f.Owner = m.Address.Owner.String()
			}
			found[a] = f
		}
	}
	return found, nil
}
