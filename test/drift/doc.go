// Package drift edits berth's objects behind its back, one attribute at a time,
// through the SDK: `plan --deep` must find each edit, and `up` must undo it.
//
// It may import everything. To add an attribute, add a row in edits_test.go.
package drift
