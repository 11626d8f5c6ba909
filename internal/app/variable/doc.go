// Package variable is an environment variable whose value contains secrets, or may:
// the parts of its value, and what they are once it is known which secrets are set. It
// imports only project.
package variable
