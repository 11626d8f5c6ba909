package ec2_test

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/clock"
)

// TestLifeOnMoto runs against the emulator at BERTH_MOTO, as in
// http://127.0.0.1:5000.
func TestLifeOnMoto(t *testing.T) {
	t.Parallel()
	endpoint := os.Getenv("BERTH_MOTO")
	if endpoint == "" {
		t.Skip("BERTH_MOTO is not set")
	}
	cfg := aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("x", "x", ""),
	}
	life(t, newDriver(t, cfg, clock.Wall{}))
}

func no() *types.AttributeBooleanValue { return &types.AttributeBooleanValue{Value: aws.Bool(false)} }
