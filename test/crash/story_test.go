package crash

import (
	"fmt"
	"regexp"
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
// image is built, services that find each other under several
// names, a secret as a variable, in an
// assembled value and as a file, a managed database and a cache.
const stack = `name: shop
x-berth:
  discovery: %[1]s
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
    x-berth: {public: true}
  migrate:
    build: {dockerfile_inline: "FROM example/migrate:%[2]s"}
    restart: "no"
    networks: [back]
    environment: [PW]
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

// worker is a service that the changed project no longer has, redis one that
// it has instead, and that answers to its name.
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

// project is the stack as it is deployed first, changed as it is next.
func project(t *testing.T, discovery string) (first, changed *app.App) {
	t.Helper()
	first = bed.App(t, fmt.Sprintf(stack, discovery, "1.29", "", worker, "", ""))
	changed = bed.App(t, fmt.Sprintf(stack, discovery, "1.30", `, MODE: new`, redis, ", backup_days: 3", ", shop.example.com/new"))
	return first, changed
}

// story is a run that will be disturbed: of one app, in a world where earlier
// runs have brought up another, or nothing.
type story struct {
	name string
	// before is what stands already; nil is nothing.
	before *app.App
	// secret is the value that the secret has by then.
	secret string
	app    *app.App
	req    deploy.Request
	// ground makes what the world has beside berth's; nil is nothing.
	ground func(t *testing.T, w *sandbox.World)
	// again runs once more when all is quiet: AWS does something meanwhile that
	// the next run takes up, earlier or later.
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

// zoned is a world with somebody else's zone and bucket.
func zoned(t *testing.T, w *sandbox.World) {
	t.Helper()
	w.GiveBucket("shop-pics")
	if _, err := route53.NewFromConfig(w.Config()).CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{
		Name: aws.String("example.com"), CallerReference: aws.String("somebody"),
	}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
}

// prepared is a story with the world that it begins in and the one that it ends
// in when nobody disturbs it.
type prepared struct {
	story
	opt   sandbox.Options
	path  string
	want  string
	calls []sandbox.Call
	// ground is what there was before berth.
	ground []string
}

// short are the waits for databases and certificates cut down: minutes of looking would make
// most of the calls, and there is nothing to crash in them.
var short = map[sandbox.Step]time.Duration{
	sandbox.DatabaseCreated: 40 * time.Second, sandbox.DatabaseRestored: 40 * time.Second, sandbox.DatabaseBackedUp: 10 * time.Second,
	sandbox.DatabaseSnapshot: 20 * time.Second, sandbox.DatabaseDeleted: 20 * time.Second, sandbox.DatabaseModified: 30 * time.Second,
	sandbox.CacheCreated: 40 * time.Second, sandbox.CacheSnapshot: 20 * time.Second, sandbox.CacheDeleted: 20 * time.Second,
	sandbox.CacheModified: 30 * time.Second, sandbox.CertificateIssued: 20 * time.Second,
	sandbox.BucketSystemAvailable: 10 * time.Second, sandbox.BucketSystemDeleted: 10 * time.Second, sandbox.ChangesExported: 20 * time.Second,
}

// options are the world of a seed. Latency makes calls overlap as they do in
// life; the lag is below AWS's 15 s.
func options(seed uint64) sandbox.Options {
	return sandbox.Options{Seed: seed, Latency: 40 * time.Millisecond, MaxLag: 14 * time.Second, Buckets: true, Durations: short}
}

// prepare makes the world of a story and tells the story undisturbed.
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

// repeat runs once more, if the story says so.
func (s story) repeat(t *testing.T, b *bed.Bed) error {
	t.Helper()
	if !s.again {
		return nil
	}
	time.Sleep(bed.Quiet)
	_, err := b.Run(t.Context(), s.app, s.req)
	return err
}

// begin is the world at the beginning of the story.
func (p prepared) begin(t *testing.T) *bed.Bed {
	t.Helper()
	return bed.Load(t, p.path, p.opt)
}

// settled is what is in the world when all is quiet.
func settled(b *bed.Bed) string {
	time.Sleep(bed.Quiet)
	return normal(b.World.Dump())
}

// What two worlds that are alike may differ in: the short hashes of what was
// asked for, which cover ids; the id of the task that a job ran as, which AWS
// has forgotten long since; which version of a secret was the present one, and
// since when; the id of a NAT gateway in words, and the number in the host of a
// load balancer, in a record; and how many runs have left a release.
var (
	ranAs    = regexp.MustCompile(`("berth:ran-task":"[^"]*/)[0-9a-f]+`)
	asked    = regexp.MustCompile(`("berth:asked":"|"berth:asked","Value":"|"[Dd]escription":"berth \S+ \S+ |"Value":"\\"berth \S+ \S+ )[A-Za-z0-9_-]{6,}`)
	versions = regexp.MustCompile(`\b\d+ of \d{4}-[0-9T:-]+Z`)
	host     = regexp.MustCompile(`-\d+(\.[a-z0-9-]+\.elb\.amazonaws\.com)`)
	natID    = regexp.MustCompile(`nat-0[0-9a-f]{16}`)
	releases = regexp.MustCompile(`(?m)^<s3\.object/\S*/releases/.*\n`)
)

func normal(dump string) string {
	dump = ranAs.ReplaceAllString(asked.ReplaceAllString(dump, "${1}ASKED"), "${1}TASK")
	dump = versions.ReplaceAllString(dump, "VERSION")
	dump = host.ReplaceAllString(dump, "${1}")
	dump = natID.ReplaceAllString(dump, "NAT")
	return releases.ReplaceAllString(dump, "")
}

// differences are the lines that only one of two worlds has.
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
