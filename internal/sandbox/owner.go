package sandbox

// Owner makes the objects that a project refers to by name and berth never makes.
type Owner struct{ w *World }

// Owner acts for the account's owner.
func (w *World) Owner() Owner { return Owner{w} }

// TakeBucket gives a bucket name to another account, so that this account
// cannot use it: bucket names are global.
func (o Owner) TakeBucket(name string) {
	defer o.w.Enter()()
	o.w.s3.Buckets.TakeBucket(name)
}

// GiveBucket makes a bucket with versioning, unless the account has a bucket of
// the name already.
func (o Owner) GiveBucket(name string) {
	defer o.w.Enter()()
	o.w.s3.Buckets.GiveBucket(name)
}

// GiveQueue makes a standard queue, unless the account has one of the name already.
func (o Owner) GiveQueue(name string) {
	defer o.w.Enter()()
	o.w.sqs.GiveQueue(name)
}

// GiveZone makes a public zone in Route 53, unless the account has one of the name
// already.
func (o Owner) GiveZone(name string) {
	defer o.w.Enter()()
	o.w.route53.GiveZone(name)
}
