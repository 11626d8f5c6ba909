package dnsowner

import (
	"strings"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// Words that may be in the TXT record next to the mark, as separate values.
const (
	// Shared: someone else made the record; it stays when the mark is removed.
	Shared = "shared"
	// Live: the values are the addresses of running tasks.
	Live = "live"
)

const (
	prefix = "_berth-"
	// anyLabel stands for a star, which is a wildcard only as the first label.
	anyLabel = "_any"
)

// Label is the first label of the TXT record that marks a record of a type as its
// owner's. It differs between owners of the same name in different accounts or
// regions.
func Label(o engine.Owner, account, region, kind string) string {
	return prefix + strings.ToLower(kind) + "-" + naming.Mark(o, account+" "+region)
}

// Name is the name of the TXT record that marks a record of this name.
func Name(label, name string) string {
	if below, ok := strings.CutPrefix(name, "*."); ok {
		name = anyLabel + "." + below
	}
	return label + "." + name
}

// Marked splits the name of a mark into its label and the name of the record that it
// marks; ok is false if the name is not that of a mark.
func Marked(mark string) (label, name string, ok bool) {
	label, name, ok = strings.Cut(mark, ".")
	if below, is := strings.CutPrefix(name, anyLabel+"."); is {
		name = "*." + below
	}
	return label, name, ok && strings.HasPrefix(label, prefix)
}

// Kind is the type of the record that a label is for, in upper case.
func Kind(label string) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(label, prefix), "-")
	return strings.ToUpper(kind)
}

// Quoted writes a text in the form of DNS: strings of at most 255 characters.
func Quoted(text string) string {
	const most = 255
	var parts []string
	for len(text) > most {
		parts, text = append(parts, `"`+text[:most]+`"`), text[most:]
	}
	return strings.Join(append(parts, `"`+text+`"`), " ")
}

// Unquoted reads what Quoted wrote, with or without quotes.
func Unquoted(text string) string {
	return strings.Trim(strings.ReplaceAll(text, `" "`, ""), `"`)
}

// Read finds the mark among the values of a TXT record; the other values are
// its words.
func Read(values []string) (m engine.Mark, words []string, ok bool) {
	for _, v := range values {
		text := Unquoted(v)
		if parsed, is := engine.ParseMark(text); is {
			m, ok = parsed, true
			continue
		}
		words = append(words, text)
	}
	return m, words, ok
}
