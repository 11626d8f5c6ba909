package secret

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/command/cli"
)

// setOptions are the flags of secret set.
type setOptions struct {
	random bool
	empty  bool
	length int
	adopt  bool
}

func newSet(v *verb) *cobra.Command {
	var o setOptions
	c := &cobra.Command{
		Use:   "set NAME... [-]",
		Short: "Set the values of secrets",
		Long: `set asks for the value of each secret, without showing it. With - after a name
it reads the value from standard input, without the line break at its end. The
value is stored unchanged, and read back to compare. A value that is not text
is refused: store it as base64. A value that the secret already has changes
nothing.

With --empty a secret has no value, and nothing waits for one: a variable that
the file gives no value does not exist in the container, and ${NAME} is empty.`,
		Example: `  berth secret set DB_PASSWORD API_KEY
  berth secret set TLS_KEY - < key.pem
  berth secret set SESSION_KEY --random
  berth secret set SMTP_HOST SMTP_USER --empty
  berth -e prod secret set DB_PASSWORD`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return v.secretSet(c.Context(), args, o) },
	}
	c.Flags().BoolVar(&o.random, "random", false, "generate a value of letters and digits")
	c.Flags().BoolVar(&o.empty, "empty", false, "set no value: the variables of the secrets may be empty")
	c.MarkFlagsMutuallyExclusive("random", "empty")
	c.Flags().IntVar(&o.length, "length", 32, "length of the value of --random")
	c.Flags().BoolVar(&o.adopt, "adopt", false, "take over a parameter that berth did not make")
	return c
}

func (v *verb) secretSet(ctx context.Context, names []string, o setOptions) error {
	piped := names[len(names)-1] == cli.Stdin
	if piped {
		names = names[:len(names)-1]
	}
	switch {
	case piped && (len(names) != 1 || o.random || o.empty):
		return errors.New("- takes the value of one secret from standard input")
	case o.random && (o.length < 8 || o.length > ssm.MaxValue):
		return fmt.Errorf("--length %d is out of range: it must be 8 to %d", o.length, ssm.MaxValue)
	}
	if err := checkSecretNames(names); err != nil {
		return err
	}
	s, store, err := v.secrets(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	cli.SayElsewhere(v.Console, s.LookElsewhere(ctx))
	save := s.Saving()
	if o.empty {
		return errors.Join(v.setEmpty(ctx, s, store, names), save())
	}
	var changed []string
	for _, name := range names {
		value, err := v.secretValue(name, piped, o)
		if err == nil {
			var set bool
			if set, err = v.setSecret(ctx, store, name, value, o.adopt); set {
				changed = append(changed, name)
			}
		}
		if err != nil {
			return errors.Join(err, save())
		}
	}
	sayUsers(ctx, v.Console, s, changed)
	return save()
}

// setEmpty marks secrets as empty, unless one has a value.
func (v *verb) setEmpty(ctx context.Context, s *cli.Session, store ssm.Store, names []string) error {
	entries, err := store.List(ctx)
	if err != nil {
		return err
	}
	var have []string
	for _, e := range entries {
		if slices.Contains(names, e.Name) {
			have = append(have, e.Name)
		}
	}
	if len(have) > 0 {
		return &cli.RemedyError{
			Err:    fmt.Errorf("%s: set with a value, which --empty does not remove", strings.Join(have, ", ")),
			Advice: howToEmpty(s, have),
		}
	}
	changed, err := store.MarkEmpty(ctx, names, true)
	if err != nil {
		return err
	}
	for _, name := range names {
		if slices.Contains(changed, name) {
			v.Say("%s is empty", name)
		} else {
			v.Say("%s is empty already", name)
		}
	}
	sayUsers(ctx, v.Console, s, changed)
	return nil
}

// howToEmpty is how secrets that have a value become empty, and what that means for
// the tasks of the services that use them.
func howToEmpty(s *cli.Session, names []string) string {
	list := strings.Join(names, " ")
	by := users(s.Source.App)
	var using []string
	for _, name := range names {
		using = append(using, by[name]...)
	}
	slices.Sort(using)
	if using = slices.Compact(using); len(using) == 0 {
		return "`berth secret rm " + list + "` removes it; then set it with --empty"
	}
	return fmt.Sprintf("`berth secret rm --force %s` removes it; then set it with --empty.\n"+
		"  Until the next `berth up`, no new task of %s can start", list, strings.Join(using, ", "))
}

// setSecret sets one secret and says what happened.
func (v *verb) setSecret(ctx context.Context, store ssm.Store, name, value string, adopt bool) (changed bool, err error) {
	version, changed, err := store.Set(ctx, name, value, adopt)
	switch {
	case err != nil:
	case changed:
		v.Say("set %s, version %d", name, version)
	default:
		v.Say("%s has this value already, version %d", name, version)
	}
	return changed, err
}

// secretValue takes a value from where the flags say.
func (v *verb) secretValue(name string, piped bool, o setOptions) (value string, err error) {
	switch {
	case o.random:
		value, err = randomText(rand.Reader, o.length)
	case piped:
		value, err = readSecret(v.Streams.In)
	default:
		value, err = v.askSecret(name)
	}
	if err == nil && value == "" {
		err = fmt.Errorf("%s: a secret cannot be empty", name)
	}
	return value, err
}

// readSecret reads a value to the end, without the end of its last line.
func readSecret(in io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(in, ssm.MaxValue+3))
	if err != nil {
		return "", fmt.Errorf("reading the value: %w", err)
	}
	text, ended := strings.CutSuffix(string(data), "\n")
	if ended {
		text = strings.TrimSuffix(text, "\r")
	}
	return text, nil
}

// askSecret asks on the terminal, without an echo.
func (v *verb) askSecret(name string) (string, error) {
	in, ok := v.Streams.In.(*os.File)
	if !ok || !v.Interactive() {
		return "", &cli.RemedyError{
			Err:    fmt.Errorf("%s: there is no terminal to ask for the value", name),
			Advice: fmt.Sprintf("`berth secret set %s -` reads it from standard input, --random generates one", name),
		}
	}
	fd := int(in.Fd())
	echoing, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("reading the value: %w", err)
	}
	_, _ = fmt.Fprintf(v.Streams.Err, "Value of %s (not shown): ", name)
	value, err := v.Uninterrupted(func() (string, error) {
		data, err := term.ReadPassword(fd)
		return string(data), err
	})
	var interrupted *cli.InterruptedError
	switch {
	case errors.As(err, &interrupted): // ReadPassword still waits, with the echo off
		interrupted.Says = "interrupted: " + name + " was not set"
		return "", errors.Join(err, term.Restore(fd, echoing))
	case err != nil:
		err = fmt.Errorf("reading the value: %w", err)
	}
	v.Say("")
	return value, err
}

// randomText is a text of letters and digits, which needs no quoting in URLs
// and shells.
func randomText(source io.Reader, length int) (string, error) {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	// Bytes from here on would make the first letters more likely.
	const even = 256 - 256%len(letters)
	out := make([]byte, 0, length)
	buffer := make([]byte, 64)
	for len(out) < length {
		if _, err := io.ReadFull(source, buffer); err != nil {
			return "", fmt.Errorf("generating a value: %w", err)
		}
		for _, b := range buffer {
			if int(b) < even && len(out) < length {
				out = append(out, letters[int(b)%len(letters)])
			}
		}
	}
	return string(out), nil
}
