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

// GiveTopic makes a topic, unless the account has one of the name already. open says that
// its policy lets berth's rules publish.
func (o Owner) GiveTopic(name string, open bool) {
	defer o.w.Enter()()
	o.w.sns.Give(name, open)
}

// Encrypt encrypts a topic with a key.
func (o Owner) Encrypt(topic, key string) {
	defer o.w.Enter()()
	o.w.sns.Encrypt(topic, key)
}

// GiveZone makes a public zone in Route 53, unless the account has one of the name
// already.
func (o Owner) GiveZone(name string) {
	defer o.w.Enter()()
	o.w.route53.GiveZone(name)
}
