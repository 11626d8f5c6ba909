package engine

// Need says how far a resource must be before another that refers to it can
// be made.
type Need int

const (
	// Created means: the object exists and its outputs are known.
	Created Need = iota
	// Ready means: the object can do its work, as its type defines that.
	Ready
)

// Ref is a string that is known now, or that another resource has once it
// exists. The zero Ref is the empty string. Fields of this type are what a
// graph's edges are derived from.
type Ref struct {
	value  string
	of     Address
	output string
	need   Need
	bound  bool // of is set and value not yet known
}

// Lit is a Ref to a value that is known now.
func Lit(s string) Ref { return Ref{value: s} }

// Lits turns known values into Refs.
func Lits(ss ...string) []Ref {
	refs := make([]Ref, len(ss))
	for i, s := range ss {
		refs[i] = Lit(s)
	}
	return refs
}

// WhenReady is the same reference, for a dependent that needs the other
// resource to be ready, not just to exist.
func (r Ref) WhenReady() Ref {
	r.need = Ready
	return r
}

// Value is the referenced string; empty as long as Known is false.
func (r Ref) Value() string { return r.value }

// Known says whether Value can be used.
func (r Ref) Known() bool { return !r.bound }

// Of is the resource that the Ref points at; ok is false for a literal. It
// stays set after the Ref has been resolved.
func (r Ref) Of() (a Address, output string, need Need, ok bool) {
	return r.of, r.output, r.need, !r.of.IsZero()
}

// String is the value, or "(TYPE/NAME.OUTPUT)" while it is not known.
func (r Ref) String() string {
	if r.bound {
		return "(" + r.of.String() + "." + r.output + ")"
	}
	return r.value
}

// MarshalText makes a Ref appear as its String in JSON.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText makes a known Ref of a text.
func (r *Ref) UnmarshalText(text []byte) error {
	*r = Lit(string(text))
	return nil
}

// Values are the values of refs, in their order.
func Values(refs []Ref) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.Value()
	}
	return out
}

// Equal says whether both stand for the same value.
func (r Ref) Equal(o Ref) bool { return r == o }
