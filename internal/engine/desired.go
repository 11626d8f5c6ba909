package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
)

// desiredFor makes a node's desired state, with its references resolved from
// the objects that exist now.
func (n *run) desiredFor(a *Action) (Desired[Resource], error) {
	want := resolve(a.node.Resource, func(to Address, output string) (string, bool) {
		l, ok := n.objects[to]
		if !ok {
			return "", false
		}
		return outputOf(l, output)
	})
	var missing error
	eachRef(reflect.ValueOf(want), func(r Ref) {
		if r.bound && missing == nil {
			missing = fmt.Errorf("it needs %s of %s, which %s did not show", r.output, r.of, n.provider())
		}
	})
	if missing != nil {
		return Desired[Resource]{}, missing
	}
	attrs := withLabels(AttrsOf(want), labelsAttr(a.node.Labels))
	w := Desired[Resource]{Address: a.Address, Want: want, Adopt: n.plan.adopt[a.Address], Memory: n.plan.observed.Memory}
	w.Tags = tagsFor(a.node, attrs)
	w.Token = tokenFor(a, attrs, n.Generation(a.Address.Owner))
	return w, nil
}

// tagsFor is the complete set of an object's tags. A label "Name" overrides the
// engine's; a label cannot set the other reserved keys.
func tagsFor(n *Node, attrs []Attr) map[string]string {
	tags := map[string]string{"Name": nameTag(n.Address)}
	for k, v := range n.Labels {
		if k == "Name" || !reservedTag(k) {
			tags[k] = v
		}
	}
	tags[TagOwner] = n.Address.Owner.String()
	tags[TagAddress] = n.Address.String()
	tags[TagLastApplied] = LastApplied(attrs)
	return tags
}

// nameTag is the name that consoles show: "shop-dev/public-a",
// "shop-dev/shop/web".
func nameTag(a Address) string {
	if a.Owner.Project == "" {
		return a.Owner.Environment + "/" + a.Name
	}
	return a.Owner.Environment + "/" + a.Owner.Project + "/" + a.Name
}

// tokenFor is the idempotency token. It includes the replaced object's id, so that
// returning to an earlier desired state does not find the object that was deleted
// then.
func tokenFor(a *Action, attrs []Attr, generation string) string {
	h := sha256.New()
	writeJSON(h, a.Address.Owner, a.Address, attrs, generation, a.ID)
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// tokenAfter is the token to use after another token has led to a deleted
// object.
func tokenAfter(token, dead string) string {
	h := sha256.New()
	writeJSON(h, token, dead)
	return hex.EncodeToString(h.Sum(nil))[:32]
}
