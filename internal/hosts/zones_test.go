package hosts

import "testing"

func TestRegistrable(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"example.com": "example.com", "www.example.com": "example.com", "*.example.com": "example.com",
		"a.b.example.co.uk": "example.co.uk", "www.shop.me.uk": "shop.me.uk", "www.shop.id.au": "shop.id.au",
		"www.example.de": "example.de", "app.example.dev": "example.dev", "x.local": "x.local",
	} {
		if got := registrable(host); got != want {
			t.Errorf("registrable(%s) = %s, want %s", host, got, want)
		}
	}
}

func TestIsSuffix(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"co.uk": true, "me.uk": true, "example.co.uk": false, "example.com": false,
		"github.io": false, // it is somebody's
		"x.local":   false,
	} {
		if got := isSuffix(name); got != want {
			t.Errorf("isSuffix(%s) = %v", name, got)
		}
	}
}
