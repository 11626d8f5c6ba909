package catalog

import "testing"

func TestNeededMemory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		image, variable, value string
		want                   int
	}{
		{"mcr.microsoft.com/mssql/server:2022-latest", "", "", 2000},
		{"docker.elastic.co/elasticsearch/elasticsearch:8.15.0", "", "", 1024},
		{"docker.elastic.co/elasticsearch/elasticsearch:8.15.0", "ES_JAVA_OPTS", "-Xms1g -Xmx1g", 1280},
		{"acme/app", "JAVA_OPTS", "-Xmx64m -Dx=y -Xmx2048M", 2560},
		{"acme/app", "JAVA_OPTS", "-Xmx524288k", 768},
		{"acme/app", "JAVA_OPTS", "-Xmx268435456", 512},
		{"acme/app", "JAVA_OPTS", "-Xmx99999999999999999999g", 0},
		{"acme/app", "OTHER", "-Xmx1g", 0},
	} {
		known, _ := Find(c.image)
		got, because := NeededMemory(known, func(name string) string {
			if name == c.variable {
				return c.value
			}
			return ""
		})
		if got != c.want || (because == "") != (c.want == 0) {
			t.Errorf("%s with %s=%s needs %d (%q), want %d", c.image, c.variable, c.value, got, because, c.want)
		}
	}
}

// TestMemoriesNameImages: a minimum is of no use for an image that is not found.
func TestMemoriesNameImages(t *testing.T) {
	t.Parallel()
	for _, m := range memories() {
		if known, _ := Find(m.image); known.Name != m.image || m.mib < 512 {
			t.Errorf("%s with %d MiB is found as %q", m.image, m.mib, known.Name)
		}
	}
}
