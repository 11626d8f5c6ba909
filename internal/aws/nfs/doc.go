// Package nfs is what the mount targets of Amazon EFS and of S3 Files have in
// common: which of the wanted ones a live one stands for, and the security
// groups of their network interfaces, which neither service lists. It may
// import internal/engine. A third kind of file server would use it too.
package nfs
