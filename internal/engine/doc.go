// Package engine brings live objects to a desired state: a graph of desired
// resources is compared with what AWS shows (Plan), and the actions run in the
// order of what they need (Apply). It is generic: it knows no AWS.
//
// It may import internal/clock and nothing else of berth. A new resource type
// is not added here but in internal/aws; a new ability of types is a small
// interface beside Looker in resource.go.
package engine
