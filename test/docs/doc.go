// Package docs tests the documentation: it deploys every complete Compose file
// in it to the sandbox and tears it down, and it compares the reference pages
// with those that the code generates.
package docs

//go:generate go test -count=1 -run Page . -update
