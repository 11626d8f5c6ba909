package typetest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/berthdev/berth/test/emulator"
)

// Moto starts the emulator whose server program BERTH_MOTO names, as `make
// test` does, and returns how to reach it. Without BERTH_MOTO the test is
// skipped.
func Moto(t *testing.T) aws.Config {
	t.Helper()
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(emulator.Start(t)),
		Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	}
}
