package engine

import (
	"reflect"
	"strings"

	"github.com/berthdev/berth/internal/values"
)

// diff is how an object differs from its node.
type diff struct {
	reasons []Reason
	// changed are the attributes for Type.Update, tags says that the user's
	// labels differ, replace that an attribute needs a new object, record that
	// only TagLastApplied is stale.
	changed                      []string
	tags, replace, first, record bool
}

// diff compares three states: last applied, desired and observed.
func (p *planner) diff(n *Node, object Object) diff {
	want, attrs := p.wanted(n)
	follows := p.follows(want)
	var d diff
	known := true
	for _, a := range attrs {
		if a.Create {
			continue
		}
		known = known && a.Known
		reasons := compare(a, object, follows[a.Name])
		if len(reasons) == 0 && !p.reg.spec(n.Address.Type).Untagged && a.neverSet(object) {
			reasons = []Reason{{Attr: a.Name, Cause: Cause{Kind: CauseUnset}}}
		}
		if len(reasons) == 0 {
			continue
		}
		d.reasons = append(d.reasons, reasons...)
		d.changed = append(d.changed, a.Name)
		d.replace, d.first = d.replace || a.Replace, d.first || a.First
	}
	labels := labelsAttr(n.Labels)
	_, named := n.Labels["Name"]
	if reasons := compareLabels(labels, named, object); len(reasons) > 0 {
		d.reasons = append(d.reasons, reasons...)
		d.tags = true
	}
	if object.State == StateFailed {
		d.reasons = append(d.reasons, becauseSaid(CauseFailed, values.Cut(object.Detail)))
		d.changed = append(d.changed, AttrState)
	}
	untold := object.LastApplied == "" && p.reg.spec(n.Address.Type).Untagged
	d.record = known && !untold && object.LastApplied != LastApplied(withLabels(attrs, labels))
	return d
}

// neverSet says that an attribute which the provider did not show may never have been set,
// because the mark does not hold it. If a creation takes several calls, the mark says what
// was asked for only after the last of them. A mark of an older berth, or of a desired state
// that did not set the attribute, leaves it out.
func (a Attr) neverSet(object Object) bool {
	_, shown := object.Attrs[a.Name]
	told, _ := lastAppliedAs(object.LastApplied, a.Name, a.Value)
	return !told && !shown && a.Known && !a.Replace && !a.External && a.Value != ""
}

// wanted is the node's resource with the Refs resolved whose objects stay.
func (p *planner) wanted(n *Node) (Resource, []Attr) {
	want := resolve(n.Resource, func(a Address, output string) (string, bool) {
		v := p.verdicts[a]
		if v == nil || v.moves {
			return "", false
		}
		return outputOf(v.object, output)
	})
	return want, AttrsOf(want)
}

// outputOf is an output of an object, if the object shows it.
func outputOf(l Object, name string) (string, bool) {
	if v, ok := l.Outputs[name]; ok {
		return v, true
	}
	return l.ID, name == "id" && l.ID != ""
}

// follows maps attributes to the resource whose new object they refer to.
func (p *planner) follows(want Resource) map[string]Address {
	out := map[string]Address{}
	v := reflect.Indirect(reflect.ValueOf(want))
	for i := range v.NumField() {
		tag, ok := v.Type().Field(i).Tag.Lookup("attr")
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(tag, ",")
		eachRef(v.Field(i), func(r Ref) {
			to := p.verdicts[r.of]
			if r.bound && out[name].IsZero() && (to == nil || to.moves) {
				out[name] = r.of
			}
		})
	}
	return out
}

// compare returns the reasons why an attribute must change; none if it need
// not.
func compare(a Attr, object Object, follows Address) []Reason {
	if !follows.IsZero() {
		return []Reason{{Attr: a.Name, Cause: Cause{Kind: CauseFollows, Of: follows.String()}}}
	}
	if !a.Known {
		// The other object stays, but its list does not show the value.
		return nil
	}
	told, same := lastAppliedAs(object.LastApplied, a.Name, a.Value)
	shown, isShown := object.Attrs[a.Name]
	if shown == "" && a.Replace && told && same {
		// The attribute cannot change while the id stays the same: the answer
		// does not show it.
		return nil
	}
	switch {
	case a.Silent && (same || !told):
		return nil
	case isShown && !a.External && shown == a.Value:
		return nil
	case isShown && !a.External:
		return changed(a.Name, shown, a.Value, whoChanged(object, told && same))
	case told && !same && isShown:
		return changed(a.Name, shown, a.Value, Cause{Kind: CauseEdited})
	case told && !same:
		return []Reason{{Attr: a.Name, After: values.Visible(a.Name, a.Value), Cause: Cause{Kind: CauseEdited}}}
	}
	return nil
}

// whoChanged is the cause of a difference between an object's value and the desired
// one. asAsked says that the desired value is the one that was last applied.
func whoChanged(object Object, asAsked bool) Cause {
	switch {
	case object.Unfinished:
		return Cause{Kind: CauseUnfinished}
	case object.LastApplied == "":
		return Cause{Kind: CauseDiffers}
	case !asAsked:
		return Cause{Kind: CauseEdited}
	case object.Reverted != "":
		return Cause{Kind: CauseReverted, Detail: object.Reverted}
	}
	return Cause{Kind: CauseDrift}
}

// changed returns a reason for each difference between two values.
func changed(attr, before, after string, cause Cause) []Reason {
	list, hidden := values.Diff(attr, before, after)
	var out []Reason
	for _, c := range list {
		out = append(out, Reason{Attr: c.Path, Before: c.Before, After: c.After, Cause: cause})
	}
	if more := cause; hidden > 0 {
		more.More = hidden
		out = append(out, Reason{Attr: attr, Cause: more})
	}
	return out
}

// labelsAttr renders the user's labels as an attribute. It leaves out the keys
// that berth reserves.
func labelsAttr(labels map[string]string) Attr {
	_, named := labels["Name"]
	return Attr{Name: AttrTags, Known: true, Value: renderLabels(labels, named)}
}

// renderLabels renders tags without the reserved ones. The tag Name counts
// only if the user gave it.
func renderLabels(labels map[string]string, named bool) string {
	own := map[string]any{}
	for k, v := range labels {
		if !reservedTag(k) || k == "Name" && named {
			own[k] = v
		}
	}
	if len(own) == 0 {
		return ""
	}
	return values.JSON(own)
}

func reservedTag(key string) bool {
	return key == "Name" || strings.HasPrefix(key, "berth:")
}

// compareLabels compares the labels with the object's tags; tags that were not
// read count as equal unless TagLastApplied says otherwise.
func compareLabels(want Attr, named bool, object Object) []Reason {
	shown := Object{LastApplied: object.LastApplied}
	if object.Tags != nil {
		shown.Attrs = map[string]string{AttrTags: renderLabels(object.Tags, named)}
	}
	return compare(want, shown, Address{})
}

// withLabels adds the labels, if there are any, to what was asked for.
func withLabels(attrs []Attr, labels Attr) []Attr {
	if labels.Value == "" {
		return attrs
	}
	return append(attrs[:len(attrs):len(attrs)], labels)
}
