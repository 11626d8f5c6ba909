package why_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

// emptied does something while the service has no task, and starts one again: AWS refuses
// to delete what a task has.
func (g *ground) emptied(t *testing.T, do func()) {
	t.Helper()
	g.scale(t, 0)
	time.Sleep(5 * time.Minute)
	do()
	g.scale(t, 1)
}

func (g *ground) deleteGroups(t *testing.T, ids []string) {
	t.Helper()
	g.closeGroups(t, ids)
	for _, id := range ids {
		_, err := g.clients.EC2.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: &id})
		must(t, err)
	}
}

func (g *ground) deleteSubnet(t *testing.T, id string) {
	t.Helper()
	_, err := g.clients.EC2.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &id})
	must(t, err)
}

func (g *ground) stopDatabases(t *testing.T) {
	t.Helper()
	out, err := g.clients.RDS.DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{})
	must(t, err)
	for _, d := range out.DBInstances {
		_, err := g.clients.RDS.StopDBInstance(t.Context(), &rds.StopDBInstanceInput{DBInstanceIdentifier: d.DBInstanceIdentifier})
		must(t, err)
	}
}

// stoppedDatabases stops them, and waits until they have: it takes minutes.
func (g *ground) stoppedDatabases(t *testing.T) {
	t.Helper()
	g.stopDatabases(t)
	time.Sleep(20 * time.Minute)
}

// deleteDefinition deletes the task definition of the service, which AWS keeps as long as
// the service has it.
func (g *ground) deleteDefinition(t *testing.T) {
	t.Helper()
	arn := *g.service(t).TaskDefinition
	_, err := g.clients.ECS.DeregisterTaskDefinition(t.Context(), &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &arn})
	must(t, err)
	_, err = g.clients.ECS.DeleteTaskDefinitions(t.Context(), &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{arn}})
	must(t, err)
}
