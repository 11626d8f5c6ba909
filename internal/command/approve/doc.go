// Package approve is berth approve and berth reject: one command, one file.
package approve
