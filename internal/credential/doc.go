// Package credential tells what looks like a credential: by the name that
// somebody gave to a value, by the format of the value, or by its place in a
// command. The notices about files and everything that berth prints, saves or
// logs ask this package, so that a value is either shown everywhere or nowhere.
//
//   - name.go: names of variables, flags, labels and settings.
//   - format.go: values that their issuers made recognisable.
//   - text.go: texts with a credential somewhere in them.
//   - command.go: command lines, as words or as one text.
//
// It errs on the side of silence: a harmless value that is hidden costs a look
// into the file, a credential that is shown costs a rotation.
//
// It imports nothing of berth. A new kind of credential is a row in format.go
// and one in the test's table.
package credential
