package ssm

import (
	"fmt"
	"io"
)

// passwordLength is the length of a generated password: about 190 bits, and
// short enough for MySQL, which allows 41 characters.
const passwordLength = 32

// alphabet has only characters that need no quoting in a URL, a shell or a
// configuration file.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// generate makes a password. Bytes beyond the last whole multiple of the
// alphabet are dropped, so that all characters are equally likely.
func generate(random io.Reader) (string, error) {
	out := make([]byte, 0, passwordLength)
	one := make([]byte, 1)
	const limit = 256 - 256%len(alphabet)
	for len(out) < passwordLength {
		if _, err := io.ReadFull(random, one); err != nil {
			return "", fmt.Errorf("making a password: %w", err)
		}
		if int(one[0]) < limit {
			out = append(out, alphabet[int(one[0])%len(alphabet)])
		}
	}
	return string(out), nil
}
