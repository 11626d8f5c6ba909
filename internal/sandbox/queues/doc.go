// Package queues is Amazon SQS, as far as it is needed to refer to existing queues.
package queues
