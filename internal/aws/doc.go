// Package aws assembles berth's AWS side: the SDK's clients behind one
// gate.Gate, the list of resource types, and the few facts about an account and
// a region that a plan needs.
//
// It may import the packages below it, internal/engine and internal/clock. A
// new resource type is a line in types.go.
package aws
