package engine

import (
	"fmt"
	"strings"
)

// Owner is who a resource belongs to: an environment (Project is empty) or a
// stack, which is one project in one environment. Each has a lock of its own.
type Owner struct {
	Environment string
	Project     string
}

// String is the owner as the tag TagOwner holds it: "env/shop-dev" or
// "stack/shop-dev/shop".
func (o Owner) String() string {
	if o.Project == "" {
		return "env/" + o.Environment
	}
	return "stack/" + o.Environment + "/" + o.Project
}

// IsEnvironment says whether the owner is an environment.
func (o Owner) IsEnvironment() bool { return o.Project == "" }

// ParseOwner reads what String wrote.
func ParseOwner(s string) (Owner, error) {
	parts := strings.Split(s, "/")
	switch {
	case len(parts) == 2 && parts[0] == "env" && parts[1] != "":
		return Owner{Environment: parts[1]}, nil
	case len(parts) == 3 && parts[0] == "stack" && parts[1] != "" && parts[2] != "":
		return Owner{Environment: parts[1], Project: parts[2]}, nil
	}
	return Owner{}, fmt.Errorf("owner mark %q: want env/NAME or stack/ENVIRONMENT/PROJECT", s)
}

// Address names one desired resource: its owner, its type ("ec2.subnet") and
// its name within the two ("public-a").
type Address struct {
	Owner Owner
	Type  string
	Name  string
}

// String is the address as users type and read it, without the owner:
// "ec2.subnet/public-a".
func (a Address) String() string { return a.Type + "/" + a.Name }

// IsZero says whether the address is empty, which is so for an object that
// carries none.
func (a Address) IsZero() bool { return a == Address{} }

// ParseAddress reads what String wrote, for the given owner.
func ParseAddress(o Owner, s string) (Address, error) {
	typ, name, ok := strings.Cut(s, "/")
	if !ok || typ == "" || name == "" {
		return Address{}, fmt.Errorf("address %q: want TYPE/NAME, such as ec2.subnet/public-a", s)
	}
	return Address{Owner: o, Type: typ, Name: name}, nil
}

// The tags by which berth finds what it owns.
const (
	// TagOwner holds Owner.String; an object without it is not berth's.
	TagOwner = "berth:owner"
	// TagAddress holds Address.String.
	TagAddress = "berth:address"
	// TagLastApplied holds what berth last asked for: see LastApplied.
	TagLastApplied = "berth:asked"
)
