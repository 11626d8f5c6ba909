package ecscluster

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// ownerPrefix begins the environment part of the marks on the operator's
// objects; the rest is the id of the Kubernetes cluster.
const ownerPrefix = "k8s-"

// nodeName is the name of the one resource that an ECSCluster is made of.
const nodeName = "cluster"

// OwnerOf is who owns the AWS objects of a Kubernetes object. It says nothing
// of the object's uid: one that is restored from a backup finds what it had.
func OwnerOf(clusterID, namespace, name string) engine.Owner {
	const longest = 150 // of a tag's 256 characters
	project := namespace + "." + name
	if len(project) > longest {
		sum := sha256.Sum256([]byte(project))
		project = project[:longest-17] + "-" + hex.EncodeToString(sum[:8])
	}
	return engine.Owner{Environment: ownerPrefix + clusterID, Project: project}
}

// IsOperators says whether a mark is one of the operator's, in whatever
// Kubernetes cluster.
func IsOperators(o engine.Owner) bool { return strings.HasPrefix(o.Environment, ownerPrefix) }
