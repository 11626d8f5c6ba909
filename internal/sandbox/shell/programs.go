package shell

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/interp"
)

// call is one call of a program.
type call struct {
	*process
	args      []string
	dir       string
	variables []string
	in        io.Reader
	out       io.Writer
}

// programNamed is one of the programs that containers have besides a shell, with its
// own commands such as echo, printf and test; nil if there is none of that name.
func programNamed(name string) func(ctx context.Context, c call) error {
	return map[string]func(context.Context, call) error{
		"base64": base64Program, "cat": cat, "date": date, "env": env, "false": fails, "hostname": hostname, "id": id,
		"ls": ls, "mkdir": nothing, "rm": rm, "sleep": sleep, "stty": stty, "tar": tarProgram, "true": nothing, "wc": wc,
	}[name]
}

// exitError ends a program with a code, and without a word.
type exitError int

func (e exitError) Error() string { return "exit " + strconv.Itoa(int(e)) }

// program runs a program that is no shell.
func (p *process) program(ctx context.Context, words []string, in io.Reader, out, errs io.Writer) (int, error) {
	run := programNamed(base(words[0]))
	if run == nil {
		_, _ = fmt.Fprintf(errs, "sh: %s: not found\n", words[0])
		return 127, nil
	}
	c := call{process: p, args: words[1:], dir: dirOf(ctx), variables: p.c.Variables, in: in, out: out}
	err := run(ctx, c)
	var exit exitError
	switch {
	case errors.As(err, &exit):
		return int(exit), nil
	case err != nil && ctx.Err() == nil:
		_, _ = fmt.Fprintf(errs, "%s: %v\n", words[0], err)
		return 1, nil
	}
	return 0, nil
}

// dirOf is the current folder; "/" outside of a script.
func dirOf(ctx context.Context) (dir string) {
	defer func() {
		if recover() != nil { // the library has no other way to tell
			dir = "/"
		}
	}()
	return interp.HandlerCtx(ctx).Dir
}

func nothing(context.Context, call) error { return nil }
func fails(context.Context, call) error   { return exitError(1) }

func cat(_ context.Context, c call) error {
	if len(c.args) == 0 {
		_, err := io.Copy(c.out, c.in)
		return err
	}
	for _, name := range c.args {
		content, err := c.c.Files.read(clean(c.dir, name))
		if err != nil {
			return err
		}
		if _, err := c.out.Write(content); err != nil {
			return err
		}
	}
	return nil
}

func date(_ context.Context, c call) error {
	_, err := fmt.Fprintln(c.out, time.Now().UTC().Format(time.UnixDate))
	return err
}

func env(_ context.Context, c call) error {
	for _, v := range slices.Sorted(slices.Values(c.variables)) {
		if _, err := fmt.Fprintln(c.out, v); err != nil {
			return err
		}
	}
	return nil
}

func hostname(_ context.Context, c call) error {
	_, err := fmt.Fprintln(c.out, c.c.Host)
	return err
}

func id(_ context.Context, c call) error {
	_, err := fmt.Fprintln(c.out, "uid=0(root) gid=0(root)")
	return err
}

func ls(ctx context.Context, c call) error {
	dir := "."
	for _, a := range c.args {
		if !strings.HasPrefix(a, "-") {
			dir = a
		}
	}
	if _, err := c.c.Files.read(clean(c.dir, dir)); err == nil {
		_, err := fmt.Fprintln(c.out, dir)
		return err
	}
	list, err := c.c.Files.readDir(ctx, dir)
	if err != nil {
		return err
	}
	for _, e := range list {
		if _, err := fmt.Fprintln(c.out, e.Name()); err != nil {
			return err
		}
	}
	return nil
}

func rm(_ context.Context, c call) error {
	c.c.Files.mu.Lock()
	defer c.c.Files.mu.Unlock()
	for _, name := range c.args {
		name = clean(c.dir, name)
		for full := range c.c.Files.m {
			if full == name || strings.HasPrefix(full, name+"/") {
				delete(c.c.Files.m, full)
			}
		}
	}
	return nil
}

func sleep(ctx context.Context, c call) error {
	if len(c.args) == 0 {
		return errors.New("missing operand")
	}
	seconds, err := strconv.ParseFloat(c.args[0], 64)
	if err != nil {
		return fmt.Errorf("invalid time interval %q", c.args[0])
	}
	timer := time.NewTimer(time.Duration(seconds * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return exitError(130)
	}
}

func stty(_ context.Context, c call) error {
	for _, word := range c.args {
		if word == "size" {
			columns, rows := c.tty.console.Size()
			_, err := fmt.Fprintf(c.out, "%d %d\n", rows, columns)
			return err
		}
		if !c.tty.set(word) {
			return fmt.Errorf("invalid argument %q", word)
		}
	}
	return nil
}

func wc(_ context.Context, c call) error {
	content, err := io.ReadAll(io.LimitReader(c.in, MaxFiles))
	if err == nil && slices.Equal(c.args, []string{"-c"}) {
		_, err = fmt.Fprintln(c.out, len(content))
	}
	return err
}

func base64Program(_ context.Context, c call) error {
	if slices.Contains(c.args, "-d") {
		content, err := io.ReadAll(io.LimitReader(c.in, 2*MaxFiles))
		if err != nil {
			return err
		}
		plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(content)), ""))
		if err != nil {
			return errors.New("invalid input")
		}
		_, err = c.out.Write(plain)
		return err
	}
	content, err := io.ReadAll(io.LimitReader(c.in, MaxFiles))
	if err != nil {
		return err
	}
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(content)), 76) {
		if _, err := fmt.Fprintf(c.out, "%s\n", line); err != nil {
			return err
		}
	}
	return nil
}

// tarProgram knows `tar -cf - -C DIR NAME` and `tar -xf - -C DIR`.
func tarProgram(_ context.Context, c call) error {
	dir, name, pack := c.dir, "", false
	for i := 0; i < len(c.args); i++ {
		switch a := c.args[i]; {
		case a == "-C" && i+1 < len(c.args):
			i++
			dir = clean(c.dir, c.args[i])
		case strings.HasPrefix(a, "-c"):
			pack = true
		case a != "-" && a != "--" && !strings.HasPrefix(a, "-"):
			name = a
		}
	}
	if pack {
		return c.pack(dir, name)
	}
	for archive := tar.NewReader(c.in); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			_, err := io.Copy(io.Discard, c.in)
			return err
		}
		if err != nil {
			return errors.New("this does not look like a tar archive")
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(archive, MaxFiles))
		if err == nil {
			err = c.c.Files.write(clean(dir, h.Name), content)
		}
		if err != nil {
			return err
		}
	}
}

func (c call) pack(dir, name string) error {
	var buffer bytes.Buffer
	archive := tar.NewWriter(&buffer)
	root, found := clean(dir, name), false
	all := c.c.Files.All()
	for _, full := range sorted(all) {
		if full != root && !strings.HasPrefix(full, strings.TrimSuffix(root, "/")+"/") {
			continue
		}
		found = true
		header := &tar.Header{Name: path.Join(name, strings.TrimPrefix(full, root)), Size: int64(len(all[full])), Mode: 0o644, Typeflag: tar.TypeReg}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := archive.Write(all[full]); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	if _, err := c.out.Write(buffer.Bytes()); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%s: Cannot stat: No such file or directory", name)
	}
	return nil
}

func sorted(m map[string][]byte) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
