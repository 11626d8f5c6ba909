package credential

import (
	"path"
	"regexp"
	"strings"
)

// Args are the words of a command with what looks like a credential replaced:
// in each word, and where a flag before it says so. The list that it was given
// stays as it is.
func Args(args []string) []string {
	out := make([]string, len(args))
	var c command
	for i, arg := range args {
		out[i] = Hide(arg)
		if hidden, ok := c.next(arg); ok {
			out[i] = hidden
		}
	}
	return out
}

// hideFlags does for a command line, which is one text, what Args does for its
// words.
func hideFlags(text string) string {
	if !strings.Contains(text, "-") {
		return text
	}
	var out strings.Builder
	var c command
	end := 0
	for _, at := range field.FindAllStringIndex(text, -1) {
		if hidden, ok := c.next(text[at[0]:at[1]]); ok {
			out.WriteString(text[end:at[0]])
			out.WriteString(hidden)
			end = at[1]
		}
	}
	if end == 0 {
		return text
	}
	out.WriteString(text[end:])
	return out.String()
}

// command follows the words of a command line.
type command struct {
	// program is the password's flag of the program that the words are for.
	program passwordFlag
	// flag is the word before, if the next one is its value.
	flag string
}

// next is how the next word is shown, if it has a credential because of the
// words before it.
func (c *command) next(word string) (shown string, hidden bool) {
	flag := c.flag
	c.flag = ""
	if flag != "" && !strings.HasPrefix(word, "-") {
		return c.value(flag, word)
	}
	if p, ok := programs[path.Base(word)]; ok {
		c.program = p
		return "", false
	}
	if separator.MatchString(word) {
		c.program = passwordFlag{}
		return "", false
	}
	value, ours := strings.CutPrefix(word, c.program.flag)
	switch ours = ours && c.program.flag != ""; {
	case ours && c.program.fused && !reference(value):
		return c.program.flag + Hidden, true
	case ours && !c.program.fused && value == "", longFlag.MatchString(word) && Named(word), userFlag[word]:
		c.flag = word
	}
	return "", false
}

// value is how the value of a flag is shown.
func (c *command) value(flag, word string) (shown string, hidden bool) {
	if userFlag[flag] {
		user, password, ok := strings.Cut(word, ":")
		if !ok || reference(password) || number.MatchString(user) && number.MatchString(password) {
			return "", false // a user alone, or user and group
		}
		return user + ":" + Hidden, true
	}
	if reference(word) || separator.MatchString(word) {
		return "", false
	}
	return Hidden, true
}

// passwordFlag is the flag of a program that gives it a password.
type passwordFlag struct {
	flag string
	// fused says that the password is in the same word: a blank behind -p makes
	// MySQL's clients ask for it.
	fused bool
}

// programs take a password by a flag of one letter.
var programs = map[string]passwordFlag{
	"redis-cli": {flag: "-a"}, "valkey-cli": {flag: "-a"}, "sqlcmd": {flag: "-P"}, "sshpass": {flag: "-p"},
	"mongo": {flag: "-p"}, "mongosh": {flag: "-p"}, "mongodump": {flag: "-p"}, "mongorestore": {flag: "-p"}, "ldapsearch": {flag: "-w"},
	"mysql": {"-p", true}, "mysqladmin": {"-p", true}, "mysqldump": {"-p", true}, "mysqlcheck": {"-p", true}, "mysqlshow": {"-p", true},
	"mariadb": {"-p", true}, "mariadb-admin": {"-p", true}, "mariadb-dump": {"-p", true}, "mariadb-check": {"-p", true},
}

// userFlag take a user and a password with a colon between them, as curl's do.
var userFlag = map[string]bool{"-u": true, "--user": true, "--proxy-user": true, "--creds": true}

var (
	// field is a word of a command line, or what ends a list that is JSON.
	field     = regexp.MustCompile(`[^\s"',\[\]{}]+|[\]}]`)
	longFlag  = regexp.MustCompile(`^--?[A-Za-z][A-Za-z0-9_.-]+$`)
	separator = regexp.MustCompile(`^(\|\|?|&&?|;|>+|<+|[\]}])$`)
	number    = regexp.MustCompile(`^[0-9]+$`)
)
