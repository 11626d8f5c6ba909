package run

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
