package engine

import "testing"

// quiet is a resource that may say nothing about its list.
type quiet struct {
	List []string `attr:"list,set,silent"`
	Size string   `attr:"size"`
}

func (quiet) Type() string { return "quiet" }

// TestSilent leaves alone what the wish says nothing about, and takes back what
// berth itself asked for.
func TestSilent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		asked, want, live []string
		differs           bool
	}{
		"never asked, others set it":       {live: []string{"a"}},
		"asked before, left out now":       {asked: []string{"a"}, live: []string{"a"}, differs: true},
		"an empty list is an opinion":      {want: []string{}, live: []string{"a"}, differs: true},
		"an empty list, and nothing there": {want: []string{}},
		"asked and there":                  {asked: []string{"a"}, want: []string{"a"}, live: []string{"a"}},
		"asked, and drifted":               {asked: []string{"a"}, want: []string{"a"}, live: []string{"b"}, differs: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live := Live{Attrs: Shown(quiet{List: tt.live}), Asked: Asked(AttrsOf(quiet{List: tt.asked}))}
			reasons := compare(AttrsOf(quiet{List: tt.want})[0], live, Address{})
			if (len(reasons) > 0) != tt.differs {
				t.Errorf("reasons: %v", reasons)
			}
		})
	}
	if long, short := Asked(AttrsOf(quiet{List: []string{}, Size: "1"})), Asked(AttrsOf(quiet{Size: "1"})); len(long) <= len(short) {
		t.Error("what the wish says nothing about is noted as asked for")
	}
}
