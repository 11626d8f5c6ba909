package elb

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// Listener is a port of a load balancer. For an application load balancer it
// answers 404 or redirects to HTTPS unless a rule matches; for a network load
// balancer it sends everything to one target group. Outputs: id and arn.
type Listener struct {
	LoadBalancer engine.Ref `attr:"load_balancer,replace,own"`
	Port         int        `attr:"port,replace,own"`
	// Protocol is HTTP or HTTPS, or TCP, UDP or TCP_UDP.
	Protocol string `attr:"protocol"`
	// Certificate is the ARN of the default certificate, More are further ones,
	// which AWS chooses by the requested host name, and SSLPolicy names AWS's
	// set of TLS versions and ciphers. All three are for HTTPS.
	Certificate engine.Ref   `attr:"certificate"`
	More        []engine.Ref `attr:"more_certificates,set"`
	SSLPolicy   string       `attr:"ssl_policy"`
	// Redirect is the HTTPS port that requests are redirected to; if it is
	// empty, the answer is 404.
	Redirect string `attr:"redirect"`
	// TargetGroup is the target group of a network load balancer's listener.
	TargetGroup engine.Ref `attr:"target_group"`
}

// Type implements engine.Resource.
func (Listener) Type() string { return "elb.listener" }

// Listeners is the type of Listener. It uses the clients and the readings of
// LoadBalancers.
type Listeners struct{ LoadBalancers LoadBalancers }

// Spec implements engine.Type.
func (Listeners) Spec() engine.Spec {
	return engine.Spec{Name: Listener{}.Type(), Identity: engine.SilentName}
}

// List implements engine.Type.
func (t Listeners) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	r, err := t.LoadBalancers.read(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, listener := range r.listeners {
		if l, ok := r.object(q, Listener{}.Type(), aws.ToString(listener.ListenerArn)); ok {
			l.Attrs = engine.Shown(listenerOf(listener), "more_certificates")
			objects = append(objects, l)
		}
	}
	return objects, concurrent.Each(objects, func(i int, l engine.Object) error {
		if l.Attrs["certificate"] == "" || !q.Deep && l.LastApplied != "" {
			return nil
		}
		more, err := moreCertificates(ctx, t.LoadBalancers.API, l.ID)
		objects[i].Attrs["more_certificates"] = engine.Shown(Listener{More: engine.Lits(more...)})["more_certificates"]
		return gone(err)
	})
}

// listenerOf returns a listener as AWS describes it. A default action that
// berth would not set is shown as part of the protocol, so that it counts as a
// change.
func listenerOf(l types.Listener) Listener {
	protocol := string(l.Protocol)
	out := Listener{
		LoadBalancer: engine.Lit(aws.ToString(l.LoadBalancerArn)), Port: int(aws.ToInt32(l.Port)),
		Protocol: protocol, Redirect: redirectOf(l.DefaultActions),
	}
	if forwards(protocol) {
		out.TargetGroup = engine.Lit(targetOf(l.DefaultActions))
		return out
	}
	if other := otherDefault(l.DefaultActions); other != "" && out.Redirect == "" {
		out.Protocol += " by default " + other
	}
	if l.Protocol == types.ProtocolEnumHttps && len(l.Certificates) > 0 {
		out.Certificate = engine.Lit(aws.ToString(l.Certificates[0].CertificateArn))
		out.SSLPolicy = aws.ToString(l.SslPolicy)
	}
	return out
}

// forwards says whether a protocol is a network load balancer's.
func forwards(protocol string) bool {
	switch types.ProtocolEnum(protocol) {
	case types.ProtocolEnumTcp, types.ProtocolEnumUdp, types.ProtocolEnumTcpUdp, types.ProtocolEnumTls:
		return true
	case types.ProtocolEnumHttp, types.ProtocolEnumHttps, types.ProtocolEnumGeneve, types.ProtocolEnumQuic, types.ProtocolEnumTcpQuic:
	}
	return false
}

// notFound is the status of a listener's answer when no rule matches.
const notFound = "404"

func defaultActions(want Listener) []types.Action {
	if want.Redirect != "" {
		return redirectTo(want.Redirect)
	}
	if target := want.TargetGroup.Value(); target != "" {
		return []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: &target}}
	}
	return []types.Action{{
		Type: types.ActionTypeEnumFixedResponse,
		FixedResponseConfig: &types.FixedResponseActionConfig{
			StatusCode: aws.String(notFound), ContentType: aws.String("text/plain"), MessageBody: aws.String("not found\n"),
		},
	}}
}

// otherDefault describes default actions that are not the 404.
func otherDefault(actions []types.Action) string {
	if len(actions) == 1 && actions[0].Type == types.ActionTypeEnumFixedResponse {
		fixed := actions[0].FixedResponseConfig
		if fixed == nil || aws.ToString(fixed.StatusCode) == notFound {
			return ""
		}
		return string(actions[0].Type) + " " + aws.ToString(fixed.StatusCode)
	}
	words := make([]string, len(actions))
	for i, a := range actions {
		words[i] = string(a.Type)
	}
	return strings.Join(words, ", ")
}

// Create implements engine.Type.
func (t Listeners) Create(ctx context.Context, w engine.Desired[Listener]) (engine.Object, error) {
	balancer := w.Want.LoadBalancer.Value()
	have, sure := seenIn(w.Memory, t.LoadBalancers.Region).on(balancer, w.Want.Port)
	if have != "" || !sure {
		if object, ok, err := t.take(ctx, w); ok || err != nil {
			return object, err
		}
	}
	tags := w.Tags
	if len(w.Want.More) > 0 {
		tags = begun(tags)
	}
	out, err := t.LoadBalancers.API.CreateListener(gate.JustMade(ctx), &elbv2.CreateListenerInput{
		LoadBalancerArn: &balancer, Port: aws.Int32(int32(w.Want.Port)), Protocol: types.ProtocolEnum(w.Want.Protocol),
		DefaultActions: defaultActions(w.Want), Tags: tagsOf(tags),
		Certificates: defaultCertificate(w.Want), SslPolicy: policyOf(w.Want),
	})
	if gate.IsExists(err) {
		object, ok, taken := t.take(ctx, w)
		if ok || taken != nil {
			return object, taken
		}
		return engine.Object{}, gate.Unseen(fmt.Errorf("port %s is in use, and AWS does not show which listener uses it", listenerName(w.Want)))
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating listener %s: %w", listenerName(w.Want), err)
	}
	if len(out.Listeners) != 1 {
		return engine.Object{}, fmt.Errorf("creating listener %s: AWS answered with %d", listenerName(w.Want), len(out.Listeners))
	}
	arn := aws.ToString(out.Listeners[0].ListenerArn)
	if len(w.Want.More) > 0 {
		made := gate.JustMade(ctx)
		if err := setMore(made, t.LoadBalancers.API, arn, w.Want); err != nil {
			return engine.Object{}, gate.Half(err)
		}
		if err := setTags(made, t.LoadBalancers.API, arn, nil, w.Tags); err != nil {
			return engine.Object{}, gate.Half(err)
		}
	}
	return engine.AsDesired(w, arn, map[string]string{"arn": arn}), nil
}

func listenerName(l Listener) string { return strconv.Itoa(l.Port) + " of " + l.LoadBalancer.Value() }

// take goes on with the balancer's listener at the port, if there is one and
// it may be used.
func (t Listeners) take(ctx context.Context, w engine.Desired[Listener]) (object engine.Object, ok bool, err error) {
	found, err := listeners(ctx, t.LoadBalancers.API, w.Want.LoadBalancer.Value())
	if err != nil {
		return engine.Object{}, false, gone(err)
	}
	i := slices.IndexFunc(found, func(l types.Listener) bool { return int(aws.ToInt32(l.Port)) == w.Want.Port })
	if i < 0 {
		return engine.Object{}, false, nil
	}
	arn := aws.ToString(found[i].ListenerArn)
	tags, there, err := claim(ctx, t.LoadBalancers.API, w, listenerName(w.Want), arn)
	if !there || err != nil {
		return engine.Object{}, false, err
	}
	object = engine.Object{ID: arn, Outputs: map[string]string{"arn": arn}, Tags: tags}
	changed := []string{"more_certificates"}
	have, want := engine.Shown(listenerOf(found[i])), engine.Shown(w.Want)
	for _, name := range []string{"protocol", "certificate", "ssl_policy", "redirect", "target_group"} {
		if have[name] != want[name] {
			changed = append(changed, name)
		}
	}
	object, err = t.Update(ctx, w, object, changed)
	return object, true, err
}

// Update implements engine.Type.
func (t Listeners) Update(ctx context.Context, w engine.Desired[Listener], object engine.Object, changed []string) (engine.Object, error) {
	has := func(name string) bool { return slices.Contains(changed, name) }
	if has("protocol") || has("certificate") || has("ssl_policy") || has("redirect") || has("target_group") {
		_, err := t.LoadBalancers.API.ModifyListener(ctx, &elbv2.ModifyListenerInput{
			ListenerArn: &object.ID, Protocol: types.ProtocolEnum(w.Want.Protocol), DefaultActions: defaultActions(w.Want),
			Certificates: defaultCertificate(w.Want), SslPolicy: policyOf(w.Want),
		})
		if err != nil {
			return engine.Object{}, fmt.Errorf("changing %s: %w", object.ID, err)
		}
	}
	if has("more_certificates") && w.Want.Protocol == string(types.ProtocolEnumHttps) {
		if err := setMore(ctx, t.LoadBalancers.API, object.ID, w.Want); err != nil {
			return engine.Object{}, err
		}
	}
	if err := setTags(ctx, t.LoadBalancers.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type. AWS deletes the rules with the listener.
func (t Listeners) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.LoadBalancers.API.DeleteListener(ctx, &elbv2.DeleteListenerInput{ListenerArn: &object.ID})
	if err := gone(err); err != nil {
		return fmt.Errorf("deleting %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[Listener] = Listeners{}
