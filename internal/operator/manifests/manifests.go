package manifests

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// Objects are the operator's objects in files.
type Objects struct {
	Providers []*v1alpha1.AWSProvider
	Clusters  []*v1alpha1.ECSCluster
	// Ignored are the other objects, as KIND NAME.
	Ignored []string
}

// Are says whether a file holds Kubernetes objects and no Compose file.
func Are(text []byte) bool {
	text = bytes.TrimSpace(text)
	if bytes.HasPrefix(text, []byte("{")) {
		return bytes.Contains(text, []byte(`"apiVersion"`))
	}
	return regexp.MustCompile(`(?m)^apiVersion:`).Match(text)
}

// Read reads YAML documents or JSON, lists among them, as kubectl get
// -o yaml writes them. All problems of the file are reported at once, each with
// the document and the object.
func Read(name string, r io.Reader) (Objects, error) {
	var m Objects
	var problems []error
	docs := utilyaml.NewYAMLReader(newLines(r))
	for n := 1; ; n++ {
		doc, err := docs.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
			break
		}
		var u map[string]any
		if err := yaml.Unmarshal(doc, &u); err != nil {
			problems = append(problems, fmt.Errorf("%s: document %d: %s", name, n, strings.TrimPrefix(err.Error(), "error converting YAML to JSON: ")))
			continue
		}
		if len(u) > 0 {
			problems = append(problems, m.add(fmt.Sprintf("%s: document %d", name, n), u))
		}
	}
	return m, errors.Join(problems...)
}

// add takes in an object, or every object of a list.
func (m *Objects) add(where string, u map[string]any) error {
	o := unstructured.Unstructured{Object: u}
	if items, ok := u["items"].([]any); ok && strings.HasSuffix(o.GetKind(), "List") {
		var problems []error
		for i, item := range items {
			fields, ok := item.(map[string]any)
			if !ok {
				problems = append(problems, fmt.Errorf("%s: item %d is not an object", where, i+1))
				continue
			}
			problems = append(problems, m.add(fmt.Sprintf("%s, item %d", where, i+1), fields))
		}
		return errors.Join(problems...)
	}
	at := fmt.Sprintf("%s: %s %s", where, o.GetKind(), o.GetName())
	if !strings.HasPrefix(o.GetAPIVersion(), v1alpha1.Group+"/") {
		m.Ignored = append(m.Ignored, o.GetKind()+" "+o.GetName())
		return nil
	}
	if o.GetNamespace() == "" {
		o.SetNamespace(metav1.NamespaceDefault)
	}
	switch o.GetKind() {
	case v1alpha1.KindProvider:
		p := &v1alpha1.AWSProvider{}
		m.Providers = append(m.Providers, p)
		return decode(at, u, p, &v1alpha1.AWSProviderSpec{})
	case v1alpha1.KindCluster:
		c := &v1alpha1.ECSCluster{}
		m.Clusters = append(m.Clusters, c)
		return decode(at, u, c, &v1alpha1.ECSClusterSpec{})
	}
	m.Ignored = append(m.Ignored, o.GetKind()+" "+o.GetName())
	return nil
}

// decode reads an object, and its spec a second time, strictly: an unknown key
// there is a mistake that Kubernetes would silently ignore.
func decode(at string, u map[string]any, into, spec any) error {
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u, into); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	text, err := json.Marshal(u["spec"])
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	strict, err := kjson.UnmarshalStrict(text, spec, kjson.DisallowUnknownFields)
	var problems []error
	for _, problem := range append(strict, err) {
		if problem != nil {
			problems = append(problems, fmt.Errorf("%s: %w", at, unknownField(problem, spec)))
		}
	}
	return errors.Join(problems...)
}
