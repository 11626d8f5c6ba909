package engine

import "testing"

// quiet is a resource that may leave its list unset.
type quiet struct {
	List []string `attr:"list,set,silent"`
	Size string   `attr:"size"`
}

func (quiet) Type() string { return "quiet" }

// TestSilent: berth leaves alone what the desired state does not set, and resets what
// berth itself asked for before.
func TestSilent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lastApplied, want, object []string
		differs                   bool
	}{
		"never asked, others set it":       {object: []string{"a"}},
		"asked before, left out now":       {lastApplied: []string{"a"}, object: []string{"a"}, differs: true},
		"an empty list is an opinion":      {want: []string{}, object: []string{"a"}, differs: true},
		"an empty list, and nothing there": {want: []string{}},
		"asked and there":                  {lastApplied: []string{"a"}, want: []string{"a"}, object: []string{"a"}},
		"asked, and drifted":               {lastApplied: []string{"a"}, want: []string{"a"}, object: []string{"b"}, differs: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			object := Object{Attrs: Shown(quiet{List: tt.object}), LastApplied: LastApplied(AttrsOf(quiet{List: tt.lastApplied}))}
			reasons := compare(AttrsOf(quiet{List: tt.want})[0], object, Address{})
			if (len(reasons) > 0) != tt.differs {
				t.Errorf("reasons: %v", reasons)
			}
		})
	}
	if long, short := LastApplied(AttrsOf(quiet{List: []string{}, Size: "1"})), LastApplied(AttrsOf(quiet{Size: "1"})); len(long) <= len(short) {
		t.Error("what the desired state says nothing about is noted as asked for")
	}
}
