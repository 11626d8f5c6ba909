// Package terminal makes the texts of others safe to show. What a file, AWS, the
// state bucket or another run of berth says may hold characters that drive a
// terminal: they move the cursor, change its title, fill the clipboard, or turn the
// order of the letters around. Such a character is shown as its code, \u001b, and
// does nothing.
//
// All that berth prints passes a Writer, so that no text can be forgotten. Only
// what draws (a live tree, colours) goes around it, by Writer.Raw, and cleans the
// texts that it draws.
//
// It imports nothing of berth.
package terminal
