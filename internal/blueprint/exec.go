package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
)

// execConfig is the cluster's configuration of ECS Exec: where it logs sessions. Nil
// leaves it as AWS has it.
func execConfig(audit string) *ecs.ExecConfig {
	if to, ok := app.AuditBucket(audit); ok {
		return &ecs.ExecConfig{Logging: "OVERRIDE", Logs: ecs.ExecLogs{Bucket: to.Bucket, BucketPrefix: to.Prefix}}
	}
	switch audit {
	case app.ExecLogs:
		return &ecs.ExecConfig{Logging: "DEFAULT"} // the awslogs of the task definition
	case app.ExecNone:
		return &ecs.ExecConfig{Logging: "NONE"}
	}
	return nil
}

// execStatements are what the agent of ECS Exec needs in a workload's tasks, also for
// logging its sessions. The first actions know no resources.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging
func (t taskStage) execStatements(w app.Workload) []statement {
	list := []statement{allow([]string{"*"}, "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
		"ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel")}
	audit := t.app.Settings.ExecAudit.Value
	if to, ok := app.AuditBucket(audit); ok {
		bucket, objects := "arn:"+t.facts.Partition+":s3:::"+to.Bucket, "/*"
		if to.Prefix != "" {
			objects = "/" + to.Prefix + objects
		}
		write := allow([]string{bucket + objects}, "s3:PutObject")
		// A bucket of the same name that somebody else makes later gets nothing.
		write.Condition = map[string]map[string][]string{"StringEquals": {"aws:ResourceAccount": {t.facts.Account}}}
		return append(list, allow([]string{bucket}, "s3:GetBucketLocation", "s3:GetEncryptionConfiguration"), write)
	}
	if audit == app.ExecLogs {
		list = append(list, allow([]string{"*"}, "logs:DescribeLogGroups"),
			allow([]string{t.arn("logs", "log-group:"+LogGroupName(t.app, w.Name)+":*")}, "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"))
	}
	return list
}
