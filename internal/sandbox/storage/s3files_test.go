package storage_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/s3files/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/identity"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// syncRole makes a role that S3 Files assumes, with these rights.
func syncRole(t *testing.T, w *sandbox.World, name, actions string) string {
	t.Helper()
	api := iam.NewFromConfig(w.Config())
	out, err := api.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(identity.Trust("elasticfilesystem.amazonaws.com"))})
	sandboxtest.Must(t, err)
	_, err = api.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Statement":[{"Effect":"Allow","Action":[` + actions + `],"Resource":["*"]}]}`)})
	sandboxtest.Must(t, err)
	return *out.Role.Arn
}

// written makes a task write to a file system of a saved world at a moment.
func written(t *testing.T, path, fileSystem string, at time.Time) {
	t.Helper()
	text, err := os.ReadFile(path)
	sandboxtest.Must(t, err)
	var tree map[string]any
	sandboxtest.Must(t, json.Unmarshal(text, &tree))
	node := tree
	for _, key := range []string{"Parts", "S3Files", "Systems", "Rows", fileSystem, "Value"} {
		next, ok := node[key].(map[string]any)
		if !ok {
			t.Fatalf("the saved world has no %s", key)
		}
		node = next
	}
	node["Written"], node["Mounted"] = true, at
	text, err = json.Marshal(tree)
	sandboxtest.Must(t, err)
	sandboxtest.Must(t, os.WriteFile(path, text, 0o600))
}

func TestBucketSystems(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, w := t.Context(), sandboxtest.New(t, world.Options{})
		api := s3files.NewFromConfig(w.Config())
		w.Owner().GiveBucket("media")
		role, poor := syncRole(t, w, "sync", `"s3:*","events:*"`), syncRole(t, w, "poor", `"s3:ListBucket"`)
		in := &s3files.CreateFileSystemInput{Bucket: aws.String("arn:aws:s3:::media"), RoleArn: &role, ClientToken: aws.String("one")}
		_, err := api.CreateFileSystem(ctx, in)
		sandboxtest.WantCode(t, err, "ValidationException") // the role has not reached it
		time.Sleep(time.Minute)
		made, err := api.CreateFileSystem(ctx, in)
		sandboxtest.Must(t, err)
		again, err := api.CreateFileSystem(ctx, in)
		sandboxtest.Must(t, err)
		if *again.FileSystemId != *made.FileSystemId {
			t.Errorf("a token makes %s and %s", *made.FileSystemId, *again.FileSystemId)
		}
		_, err = api.CreateAccessPoint(ctx, &s3files.CreateAccessPointInput{FileSystemId: made.FileSystemId})
		sandboxtest.WantCode(t, err, "ConflictException") // not available yet
		bad, err := api.CreateFileSystem(ctx, &s3files.CreateFileSystemInput{Bucket: in.Bucket, RoleArn: &poor, ClientToken: aws.String("two")})
		sandboxtest.Must(t, err)
		time.Sleep(5 * time.Minute)
		for id, want := range map[*string]types.LifeCycleState{
			made.FileSystemId: types.LifeCycleStateAvailable, bad.FileSystemId: types.LifeCycleStateError,
		} {
			got, err := api.GetFileSystem(ctx, &s3files.GetFileSystemInput{FileSystemId: id})
			sandboxtest.Must(t, err)
			if got.Status != want {
				t.Errorf("%s is %s %s, want %s", *id, got.Status, aws.ToString(got.StatusMessage), want)
			}
		}
		point, err := api.CreateAccessPoint(ctx, &s3files.CreateAccessPointInput{FileSystemId: made.FileSystemId})
		sandboxtest.Must(t, err)
		_, err = api.DeleteFileSystem(ctx, &s3files.DeleteFileSystemInput{FileSystemId: made.FileSystemId})
		sandboxtest.WantCode(t, err, "ConflictException") // it has an access point
		_, err = api.DeleteAccessPoint(ctx, &s3files.DeleteAccessPointInput{AccessPointId: point.AccessPointId})
		sandboxtest.Must(t, err)
		time.Sleep(time.Minute)

		path := filepath.Join(t.TempDir(), "world.json")
		sandboxtest.Must(t, w.Save(path))
		written(t, path, *made.FileSystemId, w.Clock().Now())
		later, err := sandbox.Load(path, world.Options{})
		sandboxtest.Must(t, err)
		api = s3files.NewFromConfig(later.Config())
		_, err = api.DeleteFileSystem(ctx, &s3files.DeleteFileSystemInput{FileSystemId: made.FileSystemId})
		sandboxtest.WantCode(t, err, "ConflictException") // its changes are not in the bucket
		time.Sleep(2 * time.Minute)
		_, err = api.DeleteFileSystem(ctx, &s3files.DeleteFileSystemInput{FileSystemId: made.FileSystemId})
		sandboxtest.Must(t, err)
		time.Sleep(5 * time.Minute)
		_, err = api.GetFileSystem(ctx, &s3files.GetFileSystemInput{FileSystemId: made.FileSystemId})
		sandboxtest.WantCode(t, err, "ResourceNotFoundException")
	})
}
