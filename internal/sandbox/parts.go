package sandbox

// part is one AWS service of the world. All its methods run with the world's
// mutex held: they must neither sleep nor call the world's exported methods.
type part interface {
	// ID is the SDK's id of the service, as in "EC2"; see the ServiceID
	// constant of the client package.
	ID() string
	// routes registers the operations (on) and the events (r.event).
	routes(r *router)
	// state is a pointer to everything that Save writes and Load reads back,
	// friendly to encoding/json: exported fields, maps made when empty.
	state() any
	// dump tells of every object that exists.
	dump(d *dumper)
}

// beginner is a part with objects that every account has from the start.
type beginner interface {
	part
	begin()
}

// locator is a part that can tell which resource a call is about, for the
// record and for policies: an ARN, or "" when it is about none in particular.
type locator interface {
	part
	locate(operation string, in any) string
}

// newParts lists the services of the world.
func newParts(w *World) []part {
	w.ec2, w.iam, w.s3 = newEC2(w), newIAM(w), newS3(w)
	w.ecs, w.elb, w.sd, w.logs = newECS(w), newELB(w), newSD(w), newLogs(w)
	w.efs, w.ssm, w.secrets = newEFS(w), newSSM(w), newSecrets(w)
	w.s3files = newS3Files(w)
	w.route53, w.acm = newRoute53(w), newACM(w)
	w.cloudflare = newCloudflare(w)
	w.rds, w.cache = newRDS(w), newCache(w)
	w.ecr, w.cb = newECR(w), newCodeBuild(w)
	return []part{
		w.ec2, w.iam, newSTS(w), w.s3, newQuotas(w), newTagging(w),
		w.ecs, w.elb, w.sd, w.logs,
		w.efs, w.s3files, w.ssm, w.secrets,
		w.route53, w.acm, w.cloudflare,
		w.rds, w.cache,
		w.ecr, w.cb,
	}
}
