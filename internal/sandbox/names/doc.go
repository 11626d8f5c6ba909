// Package names has the sandbox's DNS and certificates: Route 53 and Cloudflare for
// public names, Cloud Map for names inside a VPC, and Certificate Manager.
//
// Cloudflare is not part of AWS, and AWS's SDK has no client for it: NewTransport
// answers requests to its API with calls to the world.
//
// It only imports package world.
package names
