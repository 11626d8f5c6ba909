// Package concurrent runs functions side by side, and turns a panic in one of them into
// an error. It imports nothing of berth.
package concurrent
