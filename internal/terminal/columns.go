package terminal

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Columns is the width of a stream that is a terminal; 0 of any other.
func Columns(stream io.Writer) int {
	f, ok := Raw(stream).(*os.File)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}
