package moto

func scalingDifferences() map[string]difference {
	const (
		api  = "https://docs.aws.amazon.com/autoscaling/application/APIReference/"
		tags = "moto has no tags of scalable targets and fails inside"
		no   = "moto does not look for the target"
	)
	return map[string]difference{
		"autoscaling.DeleteScalingPolicy: not found":      {"ObjectNotFoundException", "ok", no, api + "API_DeleteScalingPolicy.html"},
		"autoscaling.DeleteScheduledAction: not found":    {"ObjectNotFoundException", "ok", no, api + "API_DeleteScheduledAction.html"},
		"autoscaling.DeregisterScalableTarget: not found": {"ObjectNotFoundException", "ValidationException", "berth takes either", api + "API_DeregisterScalableTarget.html"},
		"autoscaling.DescribeScalingPolicies: not found":  {"ok 0 -", "ok 1 berth/a/a/web/cpu TargetTrackingScaling", "moto made it without a target", ""},
		"autoscaling.DescribeScheduledActions: not found": {"ok 0 - - -", "ok 1 berth/a/a/web/1 cron(0 19 ? * MON-FRI *) Europe/Berlin", "moto made it without a target", ""},
		"autoscaling.ListTagsForResource: not found":      {"ResourceNotFoundException", "HTTP 500", tags, api + "API_ListTagsForResource.html"},
		"autoscaling.ListTagsForResource: success":        {"ok", "HTTP 500", tags, api + "API_ListTagsForResource.html"},
		"autoscaling.PutScalingPolicy: dependency":        {"ObjectNotFoundException", "ok", no, api + "API_PutScalingPolicy.html"},
		"autoscaling.PutScheduledAction: dependency":      {"ObjectNotFoundException", "ok", no, api + "API_PutScheduledAction.html"},
		"autoscaling.TagResource: duplicate":              {"ok", "HTTP 500", tags, api + "API_TagResource.html"},
		"autoscaling.TagResource: not found":              {"ResourceNotFoundException", "HTTP 500", tags, api + "API_TagResource.html"},
		"autoscaling.TagResource: success":                {"ok", "HTTP 500", tags, api + "API_TagResource.html"},
		"autoscaling.UntagResource: not found":            {"ResourceNotFoundException", "HTTP 500", tags, api + "API_UntagResource.html"},
		"autoscaling.UntagResource: success":              {"ok", "HTTP 500", tags, api + "API_UntagResource.html"},
	}
}
