package cli

import "io"

// Streams are what a command reads and writes: data on Out, talk on Err. Main
// cleans both: a text from a file, from AWS or from the bucket cannot drive the
// terminal.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Build says what was built.
type Build struct{ Version, Commit, Date string }
