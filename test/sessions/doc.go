// Package sessions tests sessions of Systems Manager end to end: berth's client and
// AWS's own session-manager-plugin against the sandbox's agent, with connections that
// lose, repeat and reorder messages, and break. `make plugin` builds the plugin;
// without BERTH_PLUGIN its tests are skipped.
package sessions
