// Package files tests berth with Compose files as people have them: what berth
// offers for them works when it is pasted, and what it accepts runs.
package files
