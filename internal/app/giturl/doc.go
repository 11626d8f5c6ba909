// Package giturl reads what the URL of a build context says about its git
// repository, without asking its host.
//
// It may import internal/credential.
package giturl
