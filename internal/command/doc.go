// Package command is berth's command line: one verb, one file, listed in
// command.go. A verb takes the groups of flags that it is about (options.go),
// opens the project (session.go), calls deploy, and prints what it returns.
// What happens meanwhile reaches observer.go as events. Nothing else of berth
// prints. Packages habits, help and render below it make the text that needs no verb.
//
// It may import every package of berth. A new verb is a file beside config.go,
// a line in verbs, an example, and a script in testdata/script: complete_test.go
// says which of them is missing, and writes docs/commands.md.
package command

//go:generate go test -count=1 -run TestCommandsPage . -update
