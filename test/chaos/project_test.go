package chaos

import (
	"fmt"
	"math/rand/v2"
)

// project is a Compose file of two versions.
type project struct {
	name string
	// secret says that it needs the secret TOKEN.
	secret bool
	// slow says that AWS needs more than a minute: the names of a file system's
	// mount targets are known everywhere after 90 s.
	slow bool
	text string
}

// compose is the file; the version is that of an image.
func (p project) compose(version string) string { return fmt.Sprintf(p.text, version) }

// The versions before and after the change.
const (
	before = "1.28"
	after  = "1.29"
)

// projectOf is the project of a seed.
func projectOf(seed uint64) project {
	list := projects()
	return list[rand.New(rand.NewPCG(seed, 2)).IntN(len(list))]
}

// projects are those that rounds choose from: together they have nearly every
// resource type that moto has, each alone is small enough for a short round.
func projects() []project {
	return []project{{
		name: "public",
		text: `
name: shop
services:
  web:
    image: nginx:%s
    ports: ["8080:80"]
  redis:
    image: redis:7.4
    expose: ["6379"]
`,
	}, {
		name: "private",
		text: `
name: shop
x-berth: {preset: balanced}
services:
  web:
    image: nginx:%s
    ports: ["8080:80"]
`,
	}, {
		name:   "secret",
		secret: true,
		text: `
name: shop
services:
  web:
    image: nginx:%s
    expose: ["80"]
    environment: ["URL=redis://:${TOKEN}@redis"]
    secrets: [TOKEN]
  redis:
    image: redis:7.4
secrets: {TOKEN: {external: true}}
`,
	}, {
		name:   "stateful",
		secret: true,
		slow:   true,
		text: `
name: shop
services:
  web:
    image: nginx:%s
    expose: ["80"]
    environment: ["URL=redis://:${TOKEN}@redis"]
    secrets: [TOKEN]
  redis:
    image: redis:7.4
    volumes: ["data:/data"]
volumes: {data: {}}
secrets: {TOKEN: {external: true}}
`,
	}}
}
