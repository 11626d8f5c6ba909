package world

import "time"

// The steps of S3 Files. Its mount targets and access points take as long as
// those of EFS, on which it is built.
const (
	// BucketSystemAvailable is from CreateFileSystem until available.
	BucketSystemAvailable Step = "file system on a bucket available"
	// BucketSystemDeleted is from DeleteFileSystem until it is gone.
	BucketSystemDeleted Step = "file system on a bucket deleted"
	// ChangesExported is from the last write until it is in the bucket.
	ChangesExported Step = "changes in the bucket"
)

func bucketSystemDurations() map[Step]Duration {
	return map[Step]Duration{
		BucketSystemAvailable: {
			30 * time.Second, 180 * time.Second,
			"assumption: AWS names no time; longer than EFS's, because the role and the bucket are tried",
		},
		BucketSystemDeleted: {
			20 * time.Second, 120 * time.Second,
			"assumption: as the creation",
		},
		ChangesExported: {
			65 * time.Second, 180 * time.Second,
			"S3 user guide, synchronization: 60 s without a write, and the export itself",
		},
	}
}
