// Package schema holds the published JSON Schema of x-berth. It imports
// nothing of berth. A new key is added to x-berth.schema.json with a
// description, and with examples if it has a pattern, and to the types in
// internal/project/xberth.go.
package schema

import _ "embed"

// XBerth is the JSON Schema (draft 2020-12) of a Compose file's x-berth keys.
// $defs/environment describes the key at the top level and $defs/service the
// one in a service. The annotation x-later marks keys that berth understands
// and cannot make yet, and says what they are waiting for.
//
//go:embed x-berth.schema.json
var XBerth []byte
