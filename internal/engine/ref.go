package engine

// Need says how far along a resource must be before another one that refers to
// it can be made.
type Need int

const (
	// Created means: the object exists and its outputs are known.
	Created Need = iota
	// Ready means: the object can do its work, as its type defines that.
	Ready
)

// Ref is a string that is either known now or an output of another resource,
// known once that exists. The zero Ref is the empty string. A graph's edges are
// derived from fields of this type.
type Ref struct {
	value  string
	of     Address
	output string
	need   Need
	bound  bool // of is set and value is not known yet
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

// WhenReady returns the same reference for a dependent that needs the other
// resource to be ready, not just to exist.
func (r Ref) WhenReady() Ref {
	r.need = Ready
	return r
}

// Value is the referenced string; empty while Known is false.
func (r Ref) Value() string { return r.value }

// Known says whether Value can be used.
func (r Ref) Known() bool { return !r.bound }

// Of returns the resource that the Ref refers to; ok is false for a literal. It
// stays set after the Ref has been resolved.
func (r Ref) Of() (a Address, output string, need Need, ok bool) {
	return r.of, r.output, r.need, !r.of.IsZero()
}

// String returns the value, or "(TYPE/NAME.OUTPUT)" while it is not known.
func (r Ref) String() string {
	if r.bound {
		return "(" + r.of.String() + "." + r.output + ")"
	}
	return r.value
}

// MarshalText renders a Ref in JSON as its String.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText makes a known Ref from a text.
func (r *Ref) UnmarshalText(text []byte) error {
	*r = Lit(string(text))
	return nil
}

// Values returns the values of refs, in their order.
func Values(refs []Ref) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.Value()
	}
	return out
}

// Equal says whether both Refs have the same value or the same reference.
func (r Ref) Equal(o Ref) bool { return r == o }
