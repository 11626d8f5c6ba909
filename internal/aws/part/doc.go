// Package part names what a service has several of and AWS lists without tags, such as
// scaling policies and alarms: the name says whose it is. It may import internal/engine.
package part
