// Package secret is berth secret: one subcommand, one file.
package secret
