// Package keys is the table of Compose's keys: what berth does with each, and what
// it tells the user. Walk finds the rows of the keys that a file sets.
//
// It may import internal/project, for the paths of keys. A new key is a row in
// the file of its section: container.go, deploy.go, network.go and so on; its
// golden folder shows what it changes.
package keys
