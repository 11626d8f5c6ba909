// Package settings are the settings of an environment and a stack, and the presets
// that decide them unless the files do.
//
// It imports nothing of berth. A new setting is a field of Settings, a value in
// presets.go, and a line in internal/app's presets.go that reads it from the file.
package settings
