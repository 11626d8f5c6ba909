// Package command is berth's command line: one verb, one file, listed in
// command.go. A verb reads its flags, opens a session and prints; what happens
// is in the packages below.
//
// It may import every package of berth. A new verb is a file beside version.go,
// a line in verbs, and a script in testdata/script.
package command
