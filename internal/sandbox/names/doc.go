// Package names is what names things in the sandbox, and proves that names are
// one's own: Route 53 and Cloudflare for the public, Cloud Map inside a VPC, and the
// certificates of Certificate Manager.
//
// Cloudflare is no part of AWS and has no client of its SDK: NewTransport answers
// requests to its API by calls of the world.
//
// It imports package world only.
package names
