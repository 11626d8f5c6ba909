// Package dockerfile reads of a Dockerfile what berth has to know before
// anything is built: what the image starts from, the ports that it exposes and
// the names of its stages.
//
// It may import internal/regular, by which it reads files of others.
package dockerfile
