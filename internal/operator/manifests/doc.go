// Package manifests reads AWSProvider and ECSCluster objects from files, as
// kubectl writes them and as strictly as Kubernetes' own tools do.
//
// It may import the kinds and internal/suggest.
package manifests
