// Package handover lets another program go on in this one's place: with its
// streams, its signals and its exit code. On Unix it is the same process; where
// processes cannot become other programs it is a child.
//
// It imports nothing of berth.
package handover
