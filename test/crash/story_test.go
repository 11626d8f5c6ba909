package crash

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// stack is a project with every resource type: public and private subnets, a
// NAT gateway with its address, a gateway endpoint, volumes, one of them on a bucket, a host with its
// certificate and records, a balancer with listeners for TLS and without it and
// one for TCP and UDP, a job that gates a service and whose
// image is built, a job that runs on a schedule (not while a test lasts), a service that
// is scaled with its load, with a queue and by the clock, one on Managed Instances and one on EC2 instances, services that find each other under several
// names, a secret as a variable, in an
// assembled value and as a file, a managed database and a cache. Its events are kept, and
// its failures go to a topic.
const stack = `name: shop
x-berth:
  discovery: %[1]s
  events: true
  notify: "arn:aws:sns:eu-central-1:123456789012:alerts"
  network: {tasks: private, nat: single}
  volumes: {pics: {bucket: shop-pics/in}}
services:
  web:
    image: nginx:%[2]s
    ports: ["8080:80"]
    depends_on: [api]
    networks: [front]
    x-berth:
      host: [shop.example.com%[6]s]
      policies: [AmazonS3ReadOnlyAccess]
  api:
    image: example/api:%[2]s
    ports:
      - {target: 3000, published: "8081", app_protocol: http}
      - {target: 4000, published: "4000", app_protocol: tcp}
      - "4001:4001/udp"
    healthcheck: {test: ["CMD", "true"], interval: 5s}
    environment: {REDIS_URL: "redis://:${PW}@redis:6379/0", PW: null, DATABASE_HOST: db%[3]s}
    secrets: [PW]
    depends_on:
      migrate: {condition: service_completed_successfully}
    networks: {front: {aliases: [backend]}, back: {}}
    x-berth:
      public: true
      autoscaling: {min: 1, max: %[7]d, queue: orders, cpu: 85, schedule: [{cron: "0 3 1 7 *", min: 0, max: 2}]}
  migrate:
    build: {dockerfile_inline: "FROM example/migrate:%[2]s"}
    restart: "no"
    networks: [back]
    environment: [PW]
  report:
    image: example/report:%[2]s
    restart: "no"
    networks: [back]
    x-berth: {schedule: "0 3 1 7 *", capacity: managed}
  model:
    image: example/model:%[2]s
    networks: [back]
    gpus: [{count: 1}]
    x-berth: {capacity: managed, instances: {vcpu: %[7]d}}
  heavy:
    image: example/heavy:%[2]s
    networks: [back]
    x-berth: {capacity: ec2, instances: {vcpu: %[7]d}}
  db:
    image: postgres:16
    networks: [back]
    x-berth: {managed: {kind: postgres%[5]s}}
  cache:
    image: valkey/valkey:8
    networks: [back]
    x-berth: {managed: {kind: valkey%[5]s}}
%[4]svolumes: {data: {}, old: {}, pics: {}}
secrets: {PW: {external: true}}
networks:
  front: {}
  back: {internal: true}
`

// worker is a service that the changed project no longer has, redis the service
// that replaces it and takes its name.
const (
	worker = `  worker:
    image: busybox:1.37
    command: [sleep, infinity]
    networks: [back]
    volumes: ["old:/old", "data:/data"]
`
	redis = `  redis:
    image: redis:7.4
    hostname: worker
    expose: ["6379"]
    healthcheck: {test: ["CMD", "redis-cli", "ping"], interval: 5s}
    networks: [back]
    read_only: true
    volumes: ["data:/data", "pics:/pics"]
`
)

// project returns the stack as it is first deployed, and as it is changed next.
func project(t *testing.T, discovery string) (first, changed *app.App) {
	t.Helper()
	first = bed.App(t, fmt.Sprintf(stack, discovery, "1.29", "", worker, "", "", 3))
	changed = bed.App(t, fmt.Sprintf(stack, discovery, "1.30", `, MODE: new`, redis, ", backup_days: 3", ", shop.example.com/new", 4))
	return first, changed
}

// story is a run that tests disturb: a run of one app, in a world where earlier
// runs have brought up another app or nothing.
type story struct {
	name string
	// before is the app that is deployed already; nil for none.
	before *app.App
	// secret is the secret's value at that time.
	secret string
	app    *app.App
	req    deploy.Request
	// ground makes objects that are not berth's; it may be nil.
	ground func(t *testing.T, w *sandbox.World)
	// again says that the run is repeated when everything has ended: AWS does
	// something in the meantime that the next run must react to, sooner or
	// later.
	again bool
}

// stories are the first deployment, an update and the teardown.
func stories(t *testing.T, discovery string) []story {
	t.Helper()
	first, changed := project(t, discovery)
	return []story{
		{discovery + " up", nil, "one", first, deploy.Request{}, zoned, false},
		{discovery + " update", first, "two", changed, deploy.Request{}, zoned, false},
		{discovery + " down", changed, "one", changed, deploy.Request{Down: true, DeleteData: true}, zoned, false},
		{discovery + " down, data stays", changed, "one", changed, deploy.Request{Down: true}, zoned, false},
	}
}

// zoned adds somebody else's zone and bucket to a world.
func zoned(t *testing.T, w *sandbox.World) {
	t.Helper()
	w.Owner().GiveBucket("shop-pics")
	w.Owner().GiveQueue("orders")
	w.Owner().GiveTopic("alerts", true)
	if _, err := route53.NewFromConfig(w.Config()).CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{
		Name: aws.String("example.com"), CallerReference: aws.String("somebody"),
	}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
}

// prepared is a story with the world in which it begins and the one in which it
// ends undisturbed.
type prepared struct {
	story
	opt   sandbox.Options
	path  string
	want  string
	calls []sandbox.Call
	// ground are the objects that existed before berth's.
	ground []string
}

// short has shortened waits for databases and certificates: otherwise most calls would be
// polls, at which there is nothing to crash.
var short = map[sandbox.Step]time.Duration{
	sandbox.DatabaseCreated: 40 * time.Second, sandbox.DatabaseRestored: 40 * time.Second, sandbox.DatabaseBackedUp: 10 * time.Second,
	sandbox.DatabaseSnapshot: 20 * time.Second, sandbox.DatabaseDeleted: 20 * time.Second, sandbox.DatabaseModified: 30 * time.Second,
	sandbox.DatabaseStopped: 30 * time.Second, sandbox.DatabaseStarted: 30 * time.Second,
	sandbox.CacheCreated: 40 * time.Second, sandbox.CacheSnapshot: 20 * time.Second, sandbox.CacheDeleted: 20 * time.Second,
	sandbox.CacheModified: 30 * time.Second, sandbox.CertificateIssued: 20 * time.Second,
	sandbox.BucketSystemAvailable: 10 * time.Second, sandbox.BucketSystemDeleted: 10 * time.Second, sandbox.ChangesExported: 20 * time.Second,
}

// options returns the options of a world with a seed. Latency makes calls
// overlap as they do in reality; the lag is below AWS's 15 s.
func options(seed uint64) sandbox.Options {
	return sandbox.Options{Seed: seed, Latency: 40 * time.Millisecond, MaxLag: 14 * time.Second, Buckets: true, Durations: short}
}

// prepare makes the world of a story and runs the story undisturbed.
func prepare(t *testing.T, s story, seed uint64) prepared {
	t.Helper()
	p := prepared{story: s, opt: options(seed)}
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, p.opt)
		b.SetSecret(t, "shop-dev", "PW", "one")
		if s.ground != nil {
			s.ground(t, b.World)
		}
		p.ground = b.World.Leftovers()
		if s.before != nil {
			if _, err := b.Up(t.Context(), s.before); err != nil {
				t.Fatal(err)
			}
			time.Sleep(bed.Quiet)
		}
		b.SetSecret(t, "shop-dev", "PW", s.secret)
		p.path = b.Save(t, dir)
		f, err := b.Run(t.Context(), s.app, s.req)
		if err != nil {
			t.Fatal(err)
		}
		p.calls = f.Record
		if err := s.repeat(t, b); err != nil {
			t.Fatal(err)
		}
		p.want = settled(b)
	})
	return p
}

// repeat repeats the run, if the story says so.
func (s story) repeat(t *testing.T, b *bed.Bed) error {
	t.Helper()
	if !s.again {
		return nil
	}
	time.Sleep(bed.Quiet)
	_, err := b.Run(t.Context(), s.app, s.req)
	return err
}

// begin returns the world at the beginning of the story.
func (p prepared) begin(t *testing.T) *bed.Bed {
	t.Helper()
	return bed.Load(t, p.path, p.opt)
}

// settled returns a dump of the world after everything has ended.
func settled(b *bed.Bed) string {
	time.Sleep(bed.Quiet)
	return normal(b.World.Dump())
}

// Equal worlds may differ in the following: the short hashes in the tag
// berth:asked, which cover ids; the ids of a job's tasks, which AWS has long
// forgotten; the present version of a secret and its time; the id of a NAT
// gateway in a text, and the number in a load balancer's host name, in a
// record; the ids of instances that ECS launches and ends by itself; and the number of runs that have left a release.
var (
	ranAs    = regexp.MustCompile(`("berth:ran-task":"[^"]*/|"berth:last-task":")[0-9a-f]+`)
	asked    = regexp.MustCompile(`("berth:asked":"|"berth:asked","Value":"|"[Dd]escription":"berth \S+ \S+ |"Value":"\\"berth \S+ \S+ )[A-Za-z0-9_-]{6,}`)
	versions = regexp.MustCompile(`\b\d+ of \d{4}-[0-9T:-]+Z`)
	host     = regexp.MustCompile(`-\d+(\.[a-z0-9-]+\.elb\.amazonaws\.com)`)
	instance = regexp.MustCompile(`\bi-0[0-9a-f]{16}`)
	placed   = regexp.MustCompile(`(?m)^(<ec2\.network-interface/instance INSTANCE> .*"subnet":"<ec2\.subnet/env/[^:]*:ec2\.subnet/(?:private|public))-[a-z]`)
	natID    = regexp.MustCompile(`nat-0[0-9a-f]{16}`)
	releases = regexp.MustCompile(`(?m)^<s3\.object/\S*/releases/.*\n`)
)

func normal(dump string) string {
	dump = ranAs.ReplaceAllString(asked.ReplaceAllString(dump, "${1}ASKED"), "${1}TASK")
	dump = versions.ReplaceAllString(dump, "VERSION")
	dump = host.ReplaceAllString(dump, "${1}")
	dump = instance.ReplaceAllString(dump, "INSTANCE")
	dump = placed.ReplaceAllString(dump, "${1}") // the zone of the first instance is that of the first task
	dump = natID.ReplaceAllString(dump, "NAT")
	lines := strings.Split(releases.ReplaceAllString(dump, ""), "\n")
	slices.Sort(lines) // not by the ids that were replaced
	return strings.Join(lines, "\n")
}

// differences returns the lines that only one of two worlds has.
func differences(want, got string) string {
	count := map[string]int{}
	for _, l := range strings.Split(want, "\n") {
		count[l]++
	}
	var out []string
	for _, l := range strings.Split(got, "\n") {
		if count[l]--; count[l] < 0 {
			out = append(out, "+ "+l)
		}
	}
	for _, l := range strings.Split(want, "\n") {
		if count[l] > 0 {
			count[l]--
			out = append(out, "- "+l)
		}
	}
	return strings.Join(out, "\n")
}
