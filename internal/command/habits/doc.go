// Package habits answers what users of other tools type: flags and commands of
// docker compose, and commands of tools that deploy. It knows the words and no
// more of berth than its commands: what a verb does is in package command.
//
// It imports internal/suggest only. A flag is a line in List, a command a line in
// lessons; docs/commands.md shows the flags.
package habits
