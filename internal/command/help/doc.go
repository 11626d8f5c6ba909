// Package help lays the help out: the commands under their headings, and all of it
// in 80 columns. What it says of a verb stands in the verb's own file, in package
// command.
//
// It imports nothing of berth. A new verb goes into the list of its heading.
package help
