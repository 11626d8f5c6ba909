package secrets

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Manager is AWS Secrets Manager, as far as it is needed to refer to existing
// secrets.
type Manager struct {
	account *world.Account
	s       secretsState
}

// secretsState holds secrets by ARN.
type secretsState struct{ Secrets world.Table[storedSecret] }

// storedSecret is a secret with its current value, as bytes for the same
// reason as a parameter's.
type storedSecret struct {
	ARN, Name string
	// Version is the current one, Previous the one before; empty for none.
	Version, Previous string
	Value             []byte
	Created, Changed  time.Time
	// Deleted is when its deletion was asked for; it can be brought back.
	Deleted time.Time
	Tags    map[string]string
}

// NewManager makes the Secrets Manager of an account, without secrets.
func NewManager(account *world.Account) *Manager {
	return &Manager{account: account}
}

// ID implements world.Service.
func (p *Manager) ID() string { return secretsmanager.ServiceID }

// State implements world.Service.
func (p *Manager) State() any { return &p.s }

// Routes implements world.Service.
func (p *Manager) Routes(r *world.Router) {
	world.On(r, p.createSecret)
	world.On(r, p.describeSecret)
	world.On(r, p.getSecretValue)
	world.On(r, p.putSecretValue)
	world.On(r, p.deleteSecret)
}

// named returns the secret with a name, an ARN, or an ARN without the six characters after the
// name. Source:
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
func (p *Manager) named(id string) *storedSecret {
	for _, s := range p.s.Secrets.All() {
		if s.ARN == id || s.Name == id || s.ARN[:len(s.ARN)-7] == id {
			return s
		}
	}
	return nil
}

func (p *Manager) need(id *string) (*storedSecret, error) {
	s := p.named(aws.ToString(id))
	if s == nil {
		return nil, &types.ResourceNotFoundException{Message: aws.String("Secrets Manager can't find the specified secret.")}
	}
	return s, nil
}

func (p *Manager) createSecret(rq *world.Request, in *secretsmanager.CreateSecretInput) (*secretsmanager.CreateSecretOutput, error) {
	name := aws.ToString(in.Name)
	if name == "" {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid name.")}
	}
	if p.named(name) != nil {
		return nil, &types.ResourceExistsException{Message: aws.String("The operation failed because the secret " + name + " already exists.")}
	}
	s := p.make(rq.Now, name, aws.ToString(in.SecretString), world.TagMap(in.Tags))
	return &secretsmanager.CreateSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(name), VersionId: aws.String(s.Version)}, nil
}

func (p *Manager) make(at time.Time, name, value string, tags map[string]string) *storedSecret {
	arn := p.account.ARN("secretsmanager", "secret:"+name+"-"+p.account.NewHex("secret", 6))
	return p.s.Secrets.Put(p.account, at, arn, &storedSecret{
		ARN: arn, Name: name, Version: p.account.NewUUID("secret-version"), Value: []byte(value), Created: at, Changed: at, Tags: tags,
	})
}

// change sets a secret to another value.
func (p *Manager) change(at time.Time, s *storedSecret, value string) {
	s.Previous, s.Version = s.Version, p.account.NewUUID("secret-version")
	s.Value, s.Changed = []byte(value), at
}

func (p *Manager) describeSecret(_ *world.Request, in *secretsmanager.DescribeSecretInput) (*secretsmanager.DescribeSecretOutput, error) {
	s, err := p.need(in.SecretId)
	if err != nil {
		return nil, err
	}
	out := &secretsmanager.DescribeSecretOutput{
		ARN: aws.String(s.ARN), Name: aws.String(s.Name), CreatedDate: aws.Time(s.Created), LastChangedDate: aws.Time(s.Changed),
		VersionIdsToStages: map[string][]string{s.Version: {"AWSCURRENT"}},
	}
	if s.Previous != "" {
		out.VersionIdsToStages[s.Previous] = []string{"AWSPREVIOUS"}
	}
	if !s.Deleted.IsZero() {
		out.DeletedDate = aws.Time(s.Deleted)
	}
	out.Tags = world.TagList[types.Tag](s.Tags)
	return out, nil
}

func (p *Manager) getSecretValue(_ *world.Request, in *secretsmanager.GetSecretValueInput) (*secretsmanager.GetSecretValueOutput, error) {
	s, err := p.need(in.SecretId)
	if err != nil {
		return nil, err
	}
	if !s.Deleted.IsZero() {
		return nil, markedForDeletion()
	}
	if len(s.Value) == 0 { // it was made without a value
		return nil, &types.ResourceNotFoundException{
			Message: aws.String("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"),
		}
	}
	return &secretsmanager.GetSecretValueOutput{
		ARN: aws.String(s.ARN), Name: aws.String(s.Name), SecretString: aws.String(string(s.Value)),
		VersionId: aws.String(s.Version), VersionStages: []string{"AWSCURRENT"}, CreatedDate: aws.Time(s.Changed),
	}, nil
}

func (p *Manager) putSecretValue(rq *world.Request, in *secretsmanager.PutSecretValueInput) (*secretsmanager.PutSecretValueOutput, error) {
	s, err := p.need(in.SecretId)
	if err != nil {
		return nil, err
	}
	if !s.Deleted.IsZero() {
		return nil, markedForDeletion()
	}
	p.change(rq.Now, s, aws.ToString(in.SecretString))
	return &secretsmanager.PutSecretValueOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name), VersionId: aws.String(s.Version)}, nil
}

func markedForDeletion() error {
	return &types.InvalidRequestException{
		Message: aws.String("You can't perform this operation on the secret because it was marked for deletion."),
	}
}

func (p *Manager) deleteSecret(rq *world.Request, in *secretsmanager.DeleteSecretInput) (*secretsmanager.DeleteSecretOutput, error) {
	s, err := p.need(in.SecretId)
	if err != nil {
		return nil, err
	}
	if aws.ToBool(in.ForceDeleteWithoutRecovery) {
		p.s.Secrets.Remove(rq.Now, s.ARN)
	} else {
		s.Deleted = rq.Now
	}
	return &secretsmanager.DeleteSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name), DeletionDate: aws.Time(rq.Now)}, nil
}

// Locate names the secret.
func (p *Manager) Locate(_ string, in any) string {
	id := world.FieldText(in, "SecretId")
	switch {
	case strings.HasPrefix(id, "arn:"):
		return id
	case id != "":
		return p.account.ARN("secretsmanager", "secret:"+id)
	}
	if name := world.FieldText(in, "Name"); name != "" {
		return p.account.ARN("secretsmanager", "secret:"+name+"-??????")
	}
	return ""
}

// Index implements world.Indexed.
func (p *Manager) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Secrets, f, func(s *storedSecret) (string, map[string]string) { return s.ARN, s.Tags })
}

// Dump implements world.Service.
func (p *Manager) Dump(d *world.Dumper) {
	for _, s := range p.s.Secrets.All() {
		if s.Tags["berth:owner"] == "" {
			d.Keep("secretsmanager.secret", s.ARN, s.Name, s.Tags)
			continue
		}
		d.Add("secretsmanager.secret", s.ARN, s.Name, s.Tags)
	}
}

// Put makes a secret in Secrets Manager, or gives it a new value, and returns its ARN.
func (p *Manager) Put(name, value string) (arn string) {
	if s := p.named(name); s != nil {
		p.change(p.account.Now(), s, value)
		return s.ARN
	}
	return p.make(p.account.Now(), name, value, nil).ARN
}

var (
	_ world.Locator = (*Manager)(nil)
	_ world.Indexed = (*Manager)(nil)
)

// Secret returns the ARN of the secret with a name or an ARN, "" if there is none,
// whether it can be read, and its value: a secret that is being deleted cannot be read.
func (p *Manager) Secret(id string) (arn string, readable bool, value string) {
	s := p.named(id)
	if s == nil {
		return "", false, ""
	}
	return s.ARN, s.Deleted.IsZero(), string(s.Value)
}
