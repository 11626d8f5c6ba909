// Package giturl reads what the URL of a build context says about its git
// repository, without asking its host.
//
// It imports nothing of berth.
package giturl
