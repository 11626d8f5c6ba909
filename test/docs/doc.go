// Package docs tests what the documentation shows: every complete Compose file
// in it is deployed and torn down in the sandbox, and its reference pages are
// those that the code generates.
package docs

//go:generate go test -count=1 -run Page . -update
