// Package command is berth's command line: one verb, one file, listed in
// command.go. A verb takes the groups of flags that it is about (cli.Options),
// opens the project (cli.Session), calls deploy, and prints what it returns.
// What happens meanwhile reaches cli's observer as events. Nothing else of berth
// prints. Package cli holds what all verbs share, package secret the verbs of berth
// secret; packages habits, help and render make the text that needs no verb.
//
// It may import every package of berth. A new verb is a file beside config.go,
// a line in verbs, an example, and a script in testdata/script: complete_test.go
// says which of them is missing, and writes docs/commands.md.
package command

//go:generate go test -count=1 -run TestCommandsPage . -update
