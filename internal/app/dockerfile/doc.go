// Package dockerfile reads what berth needs from a Dockerfile before a build: the
// base image, the exposed ports and the names of the stages.
//
// It may import internal/regular, to read files of the user.
package dockerfile
