// Package managed knows AWS's managed databases and caches: the kinds and their
// versions, the instance classes, and the names and passwords that RDS allows.
//
// It may import internal/app/capacity, for sizes. A new version is a row in
// version.go, a new class one in class.go.
package managed
