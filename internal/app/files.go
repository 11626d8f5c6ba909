package app

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/regular"
	"github.com/compose-spec/compose-go/v2/types"
)

const (
	// secretFolder is where Compose puts secrets.
	secretFolder = "/run/secrets"
	// defaultFileMode is Compose's for secrets and configs.
	defaultFileMode = 0o444
	// maxFileBytes bounds the configs of a service together: they are in the task
	// definition, which ECS limits to 64 KB.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
	maxFileBytes = 32 << 10
	// maxFolders bounds the folders that files are in: each is a volume of the task
	// definition.
	maxFolders = 10
)

// addFiles adds the secrets and configs that are files in the container.
func (w *storage) addFiles() {
	for i, s := range w.compose.Secrets {
		key := item("secrets", i)
		if f, ok := w.file(key, types.FileReferenceConfig(s), path.Join(secretFolder, s.Source), secretFolder); ok {
			f.Key = project.Child("secrets", s.Source)
			f.Secret = w.fileSecret("secrets", s.Source, w.project.Compose.Secrets[s.Source].Name, w.project.Compose.Secrets[s.Source].Environment)
			w.keep(key, f)
		}
	}
	for i, c := range w.compose.Configs {
		key := item("configs", i)
		f, ok := w.file(key, types.FileReferenceConfig(c), "/"+c.Source, "/")
		f.Key = project.Child("configs", c.Source)
		if ok && w.content(key, &f, c.Source) {
			w.keep(key, f)
		}
	}
	w.placeTmpfs()
	w.checkFiles()
}

// file is the place of a file in the container.
func (w *storage) file(key string, c types.FileReferenceConfig, otherwise, folder string) (File, bool) {
	f := File{Path: otherwise, Mode: defaultFileMode, Origin: w.origin(key)}
	if c.Target != "" {
		f.Path = c.Target
		if !strings.HasPrefix(c.Target, "/") {
			f.Path = path.Join(folder, c.Target)
		}
	}
	f.Path = path.Clean(f.Path)
	if c.Mode != nil {
		f.Mode = int(*c.Mode) & 0o7777
	}
	var errUID, errGID error
	f.UID, errUID = numberOr(c.UID, 0)
	f.GID, errGID = numberOr(c.GID, 0)
	if errors.Join(errUID, errGID) != nil {
		w.refuse(key, fmt.Sprintf("the owner of %s is not a number", f.Path), "user names are known only inside the image", "write uid and gid as numbers")
		return f, false
	}
	return f, true
}

func numberOr(text string, otherwise int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number: %w", text, err)
	}
	return int(n), nil
}

// fileSecret is the name of the secret behind a Compose secret: its name:, else
// its environment:, else its key.
func (w *storage) fileSecret(section, key, name, variable string) string {
	at := project.Child(section, key)
	switch {
	case w.project.Positions.Has(at+".name") && name != "":
		return name
	case variable != "":
		return variable
	}
	return key
}

// content sets the content of a config.
func (w *storage) content(key string, f *File, name string) bool {
	c := w.project.Compose.Configs[name]
	switch {
	case bool(c.External), c.Environment != "" && c.Content == "":
		f.Secret = w.fileSecret("configs", name, c.Name, c.Environment)
	case c.File != "":
		data, err := readConfig(c.File)
		if err != nil {
			w.refuse(key, fmt.Sprintf("%s of config %s cannot be read", w.short(c.File), name), err.Error(), "correct the name, or the file")
			return false
		}
		f.Content = data
	default:
		f.Content = c.Content
	}
	if credential.File(f.Content) {
		concern(w.subject, project.Credential, key, "config %s looks like a credential, and anyone who can read the task definition can read it; make it a secret", name)
	}
	return true
}

// readConfig reads the file of a config, which must be text.
func readConfig(file string) (string, error) {
	data, err := regular.Read(file, maxFileBytes)
	var large *regular.SizeError
	if errors.As(err, &large) {
		return "", tooLarge(int(large.Bytes))
	}
	if err != nil {
		return "", err
	}
	if !utf8.Valid(data) || slices.Contains(data, 0) {
		return "", errors.New("it is not text: copy it into the image")
	}
	return string(data), nil
}

func tooLarge(size int) error {
	return fmt.Errorf("it has %d bytes; the configs of a service are in its task definition and may have %d bytes together; copy it into the image", size, maxFileBytes)
}

// keep adds a file if its place and source are valid.
func (w *storage) keep(key string, f File) {
	if f.Secret != "" && !Existing(f.Secret) && !w.secretName(f.Secret, w.path+dotted(key)) {
		return
	}
	if f.Secret != "" && Existing(f.Secret) && !existingSecret.MatchString(f.Secret) {
		w.refuse(key, fmt.Sprintf("%q is neither a parameter nor a secret", f.Secret), "", "write a parameter's path, /team/name, or the ARN of a parameter or of a secret")
		return
	}
	if occupied(f.Folder()) {
		name := path.Base(f.Path)
		w.refuse(key, f.Path+" would hide files of the image", "on AWS a secret or config replaces its whole folder, and the image needs "+f.Folder(),
			"put it into a separate folder: target: /run/configs/"+name)
		return
	}
	w.files = append(w.files, f)
}

// occupied says whether programs need what the image has in a folder.
func occupied(folder string) bool {
	switch folder {
	case "/", "/run", "/etc", "/var", "/opt", "/home", "/root", "/tmp", "/mnt", "/srv", "/media":
		return true
	}
	for _, system := range []string{"/bin", "/boot", "/dev", "/lib", "/lib32", "/lib64", "/proc", "/sbin", "/sys", "/usr", "/var/lib"} {
		if folder == system || strings.HasPrefix(folder, system+"/") && !strings.HasPrefix(folder, "/usr/share/") && system != "/var/lib" {
			return true
		}
	}
	return false
}

// checkFiles checks the files together.
func (w *storage) checkFiles() {
	size, taken := 0, map[string]bool{}
	for _, f := range w.files {
		size += len(f.Content)
		if taken[f.Path] {
			w.refuse("", "two secrets or configs have the target "+f.Path, "", "give one of them another target")
		}
		taken[f.Path] = true
	}
	if size > maxFileBytes {
		w.refuse("configs", "its configs are too large", tooLarge(size).Error(), "copy them into the image")
	}
	folders := FileFolders(w.files)
	if len(folders) > maxFolders {
		w.refuse("", fmt.Sprintf("its files are in %d folders", len(folders)), "each is a volume of the task", fmt.Sprintf("put them into %d folders", maxFolders))
	}
	for _, folder := range folders {
		if m, ok := holding(w.mounts, folder); ok && m.Volume != "" {
			w.refuse("", "the volume "+m.Volume+" at "+m.Path+" contains the folder "+folder+" of a secret or config",
				"both would be mounted there", "give the file a target outside of the volume")
		}
		if folder != secretFolder && folder != "/run/configs" {
			w.notice("", "%s contains secrets and configs only: the image's own files there are hidden", folder)
		}
	}
}

// Holds returns the mount that a folder is in.
func (w Workload) Holds(folder string) (Mount, bool) { return holding(w.Mounts, folder) }

func holding(mounts []Mount, folder string) (Mount, bool) {
	for _, m := range mounts {
		if at := path.Clean(m.Path); at == folder || strings.HasPrefix(folder, at+"/") {
			return m, true
		}
	}
	return Mount{}, false
}

// FileFolders are the folders that must be mounted for the files, sorted, without
// those inside another one.
func FileFolders(files []File) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Folder())
	}
	slices.Sort(all)
	var out []string
	for _, folder := range slices.Compact(all) {
		if !slices.ContainsFunc(out, func(in string) bool { return strings.HasPrefix(folder, in+"/") }) {
			out = append(out, folder)
		}
	}
	return out
}
