package engine

import "testing"

// TestAnOwnNameIsNoMention: a launch template may be called as its group is. It does not use
// the group, and their deletions do not wait for each other.
func TestAnOwnNameIsNoMention(t *testing.T) {
	t.Parallel()
	w := NewObserved(envOwner)
	w.Add("group", Object{Address: at(envOwner, "group", "a"), ID: "shop-web", Attrs: map[string]string{"name": "shop-web", "template": "lt-0001"}})
	w.Add("template", Object{Address: at(envOwner, "template", "a"), ID: "lt-0001", Attrs: map[string]string{"name": "shop-web"}})
	m := mentionsIn(w)
	if users := m.of("template", "lt-0001"); len(users) != 1 || users[0].typ != "group" {
		t.Errorf("the template is mentioned by %v, want the group", users)
	}
	if users := m.of("group", "shop-web"); len(users) != 0 {
		t.Errorf("the group is mentioned by %v, want nobody", users)
	}
}
