// Package cli is what every command of berth shares: its streams, the flags that all
// have, how it opens a project on AWS or in the sandbox, what it asks and says, and its
// exit codes. Commands are in package command.
package cli
