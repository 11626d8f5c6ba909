// Package drift edits what berth manages behind its back, one attribute at a
// time, through the SDK: `plan --deep` must find each, and `up` must mend it.
//
// It may import everything. A new attribute is a row in edits_test.go.
package drift
