package command

import (
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/project"
)

// serviceSettings are what each service and job runs with. A value that the
// file does not set comes from the image, from Compose or from berth.
func serviceSettings(a *app.App, pos *project.Positions) []setting {
	var list []setting
	for _, w := range a.Workloads() {
		list = append(list, sidecarSettings(w, pos)...)
		path := project.Child("services", w.Name)
		add := func(key string, value any, places ...string) {
			list = append(list, setting{
				Key: "services." + w.Name + "." + key, Value: value, Origin: firstPlace(pos, path, places),
			})
		}
		if s, ok := a.Service(w.Name); ok {
			if s.Global {
				add("global", true, "deploy.mode")
			} else {
				add("replicas", s.Replicas, "deploy.replicas", "scale")
			}
			add("update.min_percent", s.Update.MinPercent, "x-berth.update.min_percent", "deploy.update_config.order", "deploy.update_config")
			add("update.max_percent", s.Update.MaxPercent, "x-berth.update.max_percent", "deploy.update_config.order", "deploy.update_config")
			if s.Update.Failures > 0 {
				add("update.failures", s.Update.Failures, "x-berth.update.failures")
			}
			if s.Update.EarlySuccess {
				add("update.early_success", true, "x-berth.update.early_success")
			}
			add("update.rollback", s.Update.Rollback, "deploy.update_config.failure_action")
		}
		add("cpu", float64(w.CPU)/1024, "deploy.resources.limits.cpus", "deploy.resources.reservations.cpus", "cpus")
		add("memory_mib", w.Memory, "deploy.resources.limits.memory", "deploy.resources.reservations.memory", "mem_limit", "mem_reservation")
		add("architecture", w.Architecture, "platform")
		add("stop_seconds", w.StopSeconds, "stop_grace_period")
		if !w.Logging.Off {
			add("logging", logsText(w.Logging), "logging.options", "logging")
		}
		if w.Health != nil {
			add("health.command", strings.Join(credential.Args(w.Health.Test), " "), "healthcheck.test", "healthcheck")
			add("health.interval", w.Health.Interval, "healthcheck.interval")
		}
	}
	return list
}

// logsText says how a container's lines reach CloudWatch.
func logsText(l app.Logging) string {
	text := l.Options["mode"]
	if buffer := l.Options["max-buffer-size"]; buffer != "" {
		text += ", " + buffer
	}
	return text
}

// sidecarSettings are what each sidecar of a service or job runs with.
func sidecarSettings(w app.Workload, pos *project.Positions) []setting {
	var list []setting
	for _, s := range w.Sidecars {
		path := project.Child("services", s.Name)
		add := func(key string, value any, places ...string) {
			list = append(list, setting{Key: "services." + s.Name + "." + key, Value: value, Origin: firstPlace(pos, path, places)})
		}
		add("sidecar_of", w.Name, "x-berth.sidecar_of", "network_mode")
		add("essential", s.Essential, "x-berth.essential")
		if s.Restart != nil {
			add("restart.period_seconds", s.Restart.PeriodSeconds, "deploy.restart_policy.window", "deploy.restart_policy", "restart")
		}
		add("stop_seconds", s.StopSeconds, "stop_grace_period")
	}
	return list
}

// firstPlace is the place of the first of these keys that the file has.
func firstPlace(pos *project.Positions, service string, keys []string) string {
	for _, key := range keys {
		if at := service + "." + key; pos.Has(at) {
			return pos.At(at).String()
		}
	}
	return "default"
}

// names are the settings that name the project and its environment.
func (v *configVerb) names(p *project.Project, a *app.App) []setting {
	name := setting{Key: "project", Value: a.Name, Origin: "the folder's name"}
	switch {
	case v.source.Project != "":
		name.Origin = "flag --project-name"
	case p.Positions.Has("name"):
		name.Origin = p.Positions.At("name").String()
	}
	env := setting{Key: "environment", Value: a.Env, Origin: "default"}
	if v.source.Env != "" {
		env.Origin = "flag --env"
	}
	inAWS := setting{Key: "environment in AWS", Value: a.Environment, Origin: "project and environment"}
	if a.Shared {
		inAWS.Origin = p.Positions.At("x-berth.environment").String()
	}
	region := setting{Key: "region", Value: a.Region, Origin: "the AWS configuration"}
	switch {
	case v.source.Region != "":
		region.Origin = "flag --region"
	case a.Region != "":
		region.Origin = p.Positions.At("x-berth.region").String()
	}
	return []setting{name, env, inAWS, region}
}

// rowsOf are settings as rows of a table.
func rowsOf(list []setting) [][]string {
	const longest = 32
	rows := make([][]string, 0, len(list))
	for _, s := range list {
		value := fmt.Sprint(s.Value)
		if r := []rune(value); len(r) > longest {
			value = string(r[:longest-3]) + "..."
		}
		if value == "" || value == "[]" {
			value = "-"
		}
		rows = append(rows, []string{s.Key, value, s.Origin})
	}
	return rows
}
