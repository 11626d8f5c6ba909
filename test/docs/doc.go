// Package docs tests what the documentation shows: every complete Compose file
// in it is deployed and torn down in the sandbox.
package docs
