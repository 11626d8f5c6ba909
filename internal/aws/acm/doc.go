// Package acm has the resource type of AWS Certificate Manager: certificates
// that DNS records validate.
//
// A certificate is ready when AWS has issued it, which takes some minutes after
// its validation records can be seen. Those records are outputs of the
// certificate, so that a record can refer to them; AWS shows them some seconds
// after the request (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html).
//
// ACM's list shows neither tags nor validation records. The type reads the
// certificates that the index of tags names, those with the desired names, and
// any that are too new for the index.
//
// It imports engine, clock, call and tagged.
package acm
