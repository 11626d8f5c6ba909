package moto

// difference is what the two answer to a case that they answer differently,
// and why the sandbox is right, or it does not matter.
type difference struct {
	sandbox, moto string
	why           string
	link          string // AWS's documentation, where it says so
}

// differences are the accepted ones. A difference that is gone, or that has
// changed, fails the test as one that is not listed does.
var differences = map[string]difference{}

// noSuchCase says why a case of an operation that moto saw is not in the
// script.
var noSuchCase = map[string]string{}
