package help

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// width is the width of the help.
const width = 80

// heading is one of the help, with the verbs below it.
type heading struct {
	title string
	verbs []string
}

// headings are all of them. A verb that is in none is under the last
// one.
func headings() []heading {
	return []heading{
		{"Deploy", []string{"up", "plan", "down", "approve", "reject", "rollback", "restart"}},
		{"Tasks", []string{"scale", "pause", "resume", "run", "stop", "schedule"}},
		{"Into containers", []string{"exec", "port-forward", "cp"}},
		{"Look at what runs", []string{"ps", "why", "logs", "events", "top", "ls", "open", "history", "infra"}},
		{"Secrets, names, access", []string{"secret", "dns", "auth", "unlock"}},
		{"Understand the files", []string{"config", "graph", "compose"}},
		{"Other", nil},
	}
}

// Group puts the verbs below a command under the headings of the help.
func Group(c *cobra.Command) {
	groups := headings()
	last := groups[len(groups)-1].title
	for _, g := range groups {
		c.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
	}
	for _, sub := range c.Commands() {
		sub.GroupID = last
		for _, g := range groups {
			if slices.Contains(g.verbs, sub.Name()) {
				sub.GroupID = g.title
			}
		}
	}
	c.SetHelpCommandGroupID(last)
	c.SetCompletionCommandGroupID(last)
}

// PrintUsage prints how a command is used, within the width of the help. It is not
// cobra's template: that would link text/template, with which the linker keeps every
// method of the SDK.
func PrintUsage(c *cobra.Command) error {
	var out strings.Builder
	out.WriteString("Usage:\n")
	if c.Runnable() && (!c.HasSubCommands() || c.Args == nil) {
		out.WriteString("  " + c.UseLine() + "\n")
	}
	if c.HasAvailableSubCommands() {
		out.WriteString("  " + c.CommandPath() + " [command]\n")
	}
	if len(c.Aliases) > 0 {
		out.WriteString("\nAliases:\n  " + c.NameAndAliases() + "\n")
	}
	if c.HasExample() {
		out.WriteString("\nExamples:\n" + c.Example + "\n")
	}
	if c.HasAvailableSubCommands() {
		writeCommands(&out, c)
	}
	if c.HasAvailableLocalFlags() {
		out.WriteString("\nFlags:\n" + c.LocalFlags().FlagUsagesWrapped(width))
	}
	if c.HasAvailableInheritedFlags() {
		out.WriteString("\nFlags of every command:\n" + c.InheritedFlags().FlagUsagesWrapped(width))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&out, "\n`%s [command] --help` says more about a command.\n", c.CommandPath())
	}
	_, err := fmt.Fprint(c.OutOrStderr(), out.String())
	return err
}

// writeCommands writes the commands below one, under their headings.
func writeCommands(out *strings.Builder, c *cobra.Command) {
	widest := 0
	for _, sub := range c.Commands() {
		widest = max(widest, len(sub.Name()))
	}
	groups := c.Groups()
	if len(groups) == 0 {
		groups = []*cobra.Group{{Title: "Commands"}}
	}
	indent := strings.Repeat(" ", widest+5)
	for _, g := range groups {
		heading := "\n" + g.Title + ":\n"
		for _, sub := range inOrder(g.Title, c.Commands()) {
			if sub.GroupID != g.ID || !sub.IsAvailableCommand() && sub.Name() != "help" {
				continue
			}
			short := strings.ReplaceAll(ansi.Wordwrap(sub.Short, width-len(indent), ""), "\n", "\n"+indent)
			fmt.Fprintf(out, "%s  %-*s   %s\n", heading, widest, sub.Name(), short)
			heading = ""
		}
	}
}

// inOrder sorts commands as their heading lists them; others follow by name.
func inOrder(title string, list []*cobra.Command) []*cobra.Command {
	var verbs []string
	for _, g := range headings() {
		if g.title == title {
			verbs = g.verbs
		}
	}
	place := func(c *cobra.Command) int {
		if i := slices.Index(verbs, c.Name()); i >= 0 {
			return i
		}
		return len(verbs)
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *cobra.Command) int { return place(a) - place(b) })
	return list
}
