// Package memory is what resource types remember of one reading of the provider. It
// imports nothing of berth.
package memory
