package managed

import (
	"testing"

	"github.com/berthdev/berth/internal/app/catalog"
)

func TestManagedVersions(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]struct {
		kind, in, version, says  string
		extended, later, refused bool
	}{
		"postgres":                        {kind: "postgres", version: "18", says: unnamedVersion},
		"postgres:latest":                 {kind: "postgres", version: "18", says: unnamedVersion},
		"postgres:18-alpine":              {kind: "postgres", version: "18"},
		"postgres:16.4-bookworm":          {kind: "postgres", version: "16", says: "the latest 16, which may not be 16.4"},
		"postgres:13":                     {kind: "postgres", version: "13", extended: true},
		"postgres:9.6":                    {kind: "postgres", refused: true},
		"postgres:19":                     {kind: "postgres", version: "19", later: true},
		"pgvector/pgvector:pg16":          {kind: "postgres", version: "16"},
		"pgvector/pgvector:0.8.0-pg17":    {kind: "postgres", version: "17"},
		"timescale/timescaledb:2.17-pg15": {kind: "postgres", version: "15"},
		"postgis/postgis:17-3.5":          {kind: "postgres", version: "17"},
		"mysql:8":                         {kind: "mysql", version: "8.4"},
		"mysql:8.0.40":                    {kind: "mysql", version: "8.0", says: "the latest 8.0, which may not be 8.0.40", extended: true},
		"mysql:9.1":                       {kind: "mysql", version: "9.7", says: "of MySQL 9, RDS has the long-term release 9.7"},
		"mysql:9.7.1":                     {kind: "mysql", version: "9.7", says: "the latest 9.7, which may not be 9.7.1"},
		"mysql:lts":                       {kind: "mysql", version: "9.7", says: unnamedVersion},
		"mysql:5.7":                       {kind: "mysql", refused: true},
		"mysql:10.2.1":                    {kind: "mysql", version: "10.2", later: true},
		"valkey/valkey:9":                 {kind: "valkey", version: "9.1"},
		"valkey/valkey:8.0-alpine":        {kind: "valkey", version: "8.0"},
		"redis:7.4-alpine":                {kind: "redis", version: "7.1", says: "ElastiCache's latest Redis is 7.1"},
		"redis:8":                         {kind: "redis", in: "valkey", version: "8.1", says: "ElastiCache has no Redis 8; Valkey 8.1 speaks the same protocol"},
		"redis:5":                         {kind: "redis", refused: true},
	} {
		_, tag := catalog.Name(image)
		got, ok := Version(want.kind, tag)
		if want.in == "" {
			want.in = want.kind
		}
		switch {
		case ok == want.refused:
			t.Errorf("%s: refused is %v", image, !ok)
		case ok && (got.Kind != want.in || got.Version != want.version || got.Says != want.says || got.Extended != want.extended || got.Later != want.later):
			t.Errorf("%s becomes %+v; want %+v", image, got, want)
		}
	}
}
