package engine

import "strings"

// Mark is what berth writes on an object to find it again: into tags, or into a
// description if listing objects does not show their tags.
type Mark struct {
	Address Address
	// LastApplied is the value of TagLastApplied; empty while a creation of several steps
	// is not complete.
	LastApplied string
}

// markWord begins a description that is a mark.
const markWord = "berth"

// String is the mark as a description: "berth OWNER ADDRESS ASKED".
func (m Mark) String() string {
	words := []string{markWord, m.Address.Owner.String(), m.Address.String()}
	if m.LastApplied != "" {
		words = append(words, m.LastApplied)
	}
	return strings.Join(words, " ")
}

// ParseMark reads what String wrote; ok is false for any other text.
func ParseMark(description string) (m Mark, ok bool) {
	words := strings.Fields(description)
	if len(words) < 3 || len(words) > 4 || words[0] != markWord {
		return Mark{}, false
	}
	if len(words) == 4 {
		m.LastApplied = words[3]
	}
	m.Address, ok = addressOf(words[1], words[2])
	return m, ok
}

// MarkOf reads the mark in an object's tags; ok is false if they hold none.
func MarkOf(tags map[string]string) (m Mark, ok bool) {
	m.LastApplied = tags[TagLastApplied]
	m.Address, ok = addressOf(tags[TagOwner], tags[TagAddress])
	return m, ok
}

func addressOf(owner, address string) (Address, bool) {
	o, err := ParseOwner(owner)
	if err != nil {
		return Address{}, false
	}
	a, err := ParseAddress(o, address)
	return a, err == nil
}

// Mark is the mark of an object that is entirely as desired.
func (w Desired[R]) Mark() Mark { return Mark{Address: w.Address, LastApplied: w.Tags[TagLastApplied]} }

// Claim says whether the desired state may use an existing object of its name: nil if
// the object carries the desired state's address or the user adopts it, otherwise a
// *TakenError. The zero Mark is that of an object without a mark.
func (w Desired[R]) Claim(m Mark, name, id string) error {
	if m.Address == w.Address || w.Adopt {
		return nil
	}
	taken := &TakenError{Address: w.Address, Name: name, ID: id}
	if !m.Address.IsZero() {
		taken.Owner = m.Address.Owner.String()
	}
	return taken
}

// AsDesired is an object that is ready and exactly as desired: what Create and Update return
// without reading the object again.
func AsDesired[R Resource](w Desired[R], id string, outputs map[string]string) Object {
	return Object{
		Address: w.Address, ID: id, Outputs: outputs, Attrs: Shown(w.Want),
		Tags: w.Tags, LastApplied: w.Tags[TagLastApplied], State: StateReady,
	}
}
