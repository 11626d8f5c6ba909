package ecs

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/berthdev/berth/internal/engine"
)

// inWordsOf writes the containers of a task definition that ECS shows as the desired one does:
// in its order, and with the desired value in every field that means the same. ECS returns
// defaults that were not asked for
// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html), and
// in lists that are sets the order means nothing.
func inWordsOf(object, want TaskDefinition) []Container {
	place := func(c Container) int {
		return slices.IndexFunc(want.Containers, func(w Container) bool { return w.Name == c.Name })
	}
	out := slices.Clone(object.Containers)
	slices.SortStableFunc(out, func(a, b Container) int {
		// Containers that are not desired come last.
		return cmp.Compare(uint(place(a)), uint(place(b)))
	})
	for i, c := range out {
		if at := place(c); at >= 0 {
			w := want.Containers[at]
			c = splitHosts(c, w)
			out[i] = sameWords(c, canonical(c, object), w, canonical(w, want))
		}
	}
	return out
}

// sameWords takes from want every field whose canonical form equals the
// object's.
func sameWords(object, plainObject, want, plainWant Container) Container {
	out := reflect.ValueOf(&object).Elem()
	a, b, w := reflect.ValueOf(plainObject), reflect.ValueOf(plainWant), reflect.ValueOf(want)
	for i := range out.NumField() {
		if reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			out.Field(i).Set(w.Field(i))
		}
	}
	return object
}

// canonical returns a container with ECS's defaults filled in, sets sorted, and
// nil for empty lists.
func canonical(c Container, in TaskDefinition) Container {
	if len(in.Containers) == 1 && c.MemoryMiB == in.Memory {
		c.MemoryMiB = 0 // all of the task's memory, however much that is
	}
	c.Command, c.EntryPoint = orNil(c.Command), orNil(c.EntryPoint)
	c.Environment, c.Secrets, c.Labels = orNoMap(c.Environment), orNoMap(c.Secrets), orNoMap(c.Labels)
	c.Hosts = plainHosts(c.Hosts)
	c.LogOptions, c.SystemControls = orNoMap(c.LogOptions), orNoMap(c.SystemControls)
	c.CapAdd, c.CapDrop = sorted(c.CapAdd, cmp.Compare[string]), sorted(c.CapDrop, cmp.Compare[string])
	c.SecretVersions = sorted(engine.Lits(engine.Values(c.SecretVersions)...), func(a, b engine.Ref) int { return cmp.Compare(a.Value(), b.Value()) })
	c.Ports = slices.Clone(c.Ports)
	for i := range c.Ports {
		c.Ports[i].Protocol = cmp.Or(c.Ports[i].Protocol, "tcp")
	}
	c.Ports = sorted(c.Ports, func(a, b PortMapping) int {
		return cmp.Or(cmp.Compare(a.Port, b.Port), cmp.Compare(a.Protocol, b.Protocol))
	})
	c.Ulimits = sorted(c.Ulimits, func(a, b Ulimit) int { return cmp.Compare(a.Name, b.Name) })
	c.Mounts = sorted(c.Mounts, func(a, b Mount) int { return cmp.Compare(a.Path, b.Path) })
	c.Tmpfs = sorted(c.Tmpfs, func(a, b Tmpfs) int { return cmp.Compare(a.Path, b.Path) })
	for i := range c.Tmpfs {
		c.Tmpfs[i].Options = sorted(c.Tmpfs[i].Options, cmp.Compare[string])
	}
	c.DependsOn = sorted(c.DependsOn, func(a, b ContainerDependency) int { return cmp.Compare(a.Container, b.Container) })
	if c.Restart != nil {
		c.Restart = &Restart{Ignored: sorted(c.Restart.Ignored, cmp.Compare[int]), PeriodSeconds: cmp.Or(c.Restart.PeriodSeconds, 300)}
	}
	if c.Health != nil {
		h := *c.Health
		h.Command = orNil(h.Command)
		h.Interval, h.Timeout, h.Retries = cmp.Or(h.Interval, 30), cmp.Or(h.Timeout, 5), cmp.Or(h.Retries, 3)
		c.Health = &h
	}
	return c
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func orNoMap(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return m
}

func sorted[T any](list []T, compare func(a, b T) int) []T {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.SortFunc(list, compare)
	return list
}
