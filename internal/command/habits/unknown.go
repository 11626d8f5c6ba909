package habits

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/suggest"
)

// RefuseUnknown makes the commands that only group others refuse a word that is
// none of theirs. Cobra would print their help and exit with 0, which a script
// takes for success.
func RefuseUnknown(c *cobra.Command) {
	for _, sub := range c.Commands() {
		RefuseUnknown(sub)
	}
	if c.Runnable() || !c.HasSubCommands() {
		return
	}
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		return UnknownCommand(c, args...)
	}
}

// FlagError is the error for a flag that a command does not have. If it only groups
// others, a word before the flag is what was meant: a command of another tool, which has
// flags of its own.
func FlagError(c *cobra.Command, err error) error {
	if words := c.Flags().Args(); c.HasSubCommands() && len(words) > 0 {
		return UnknownCommand(c, words...)
	}
	return &Error{err: err, remedy: fmt.Sprintf("`%s --help` lists the flags", c.CommandPath())}
}

// RefuseUnknownHelp does the same for `berth help WORD`.
func RefuseUnknownHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() != "help" {
			continue
		}
		c.Run = nil
		c.RunE = func(_ *cobra.Command, args []string) error {
			found, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 && found.HasSubCommands() {
				return UnknownCommand(found, append(rest, args...)...)
			}
			return found.Help()
		}
	}
}

// UnknownCommand is the error for words of which the first names no command of c. It
// teaches those that other tools have.
func UnknownCommand(c *cobra.Command, words ...string) error {
	word := words[0]
	var names []string
	meant := ""
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
			if slices.Contains(sub.SuggestFor, word) {
				meant = sub.Name()
			}
		}
	}
	remedy := fmt.Sprintf("`%s --help` lists the commands", c.CommandPath())
	teaching, known := taught(words)
	name, similar := suggest.To(word, names)
	switch {
	case known && isTop(c):
		remedy = teaching
	case meant != "":
		remedy = fmt.Sprintf("`%s %s` does that; %s", c.CommandPath(), meant, remedy)
	case similar:
		remedy = fmt.Sprintf("did you mean `%s %s`? %s", c.CommandPath(), name, remedy)
	}
	return &Error{err: fmt.Errorf("unknown command %q for %q", word, c.CommandPath()), remedy: remedy}
}

// isTop says whether a command has the verbs: berth, and berth compose.
func isTop(c *cobra.Command) bool { return !c.HasParent() || c.Name() == "compose" }
