package settings

import "testing"

func TestPresetsAgreeWithThemselves(t *testing.T) {
	t.Parallel()
	for _, p := range presets() {
		if p.timeout >= p.interval || p.zones < 2 || p.tasks == SubnetsPrivate && p.nat == NATNone {
			t.Errorf("preset %s contradicts itself: %+v", p.name, p)
		}
	}
}
