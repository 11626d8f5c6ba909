package sandbox

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

// secretsPart is AWS Secrets Manager, as far as naming secrets that exist
// needs it.
type secretsPart struct {
	account *Account
	s       secretsState
}

// secretsState holds secrets by ARN.
type secretsState struct{ Secrets table[storedSecret] }

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

func newSecrets(account *Account) *secretsPart { return &secretsPart{account: account} }

// ID implements Service.
func (p *secretsPart) ID() string { return secretsmanager.ServiceID }

func (p *secretsPart) State() any { return &p.s }

func (p *secretsPart) Routes(r *router) {
	on(r, p.createSecret)
	on(r, p.describeSecret)
	on(r, p.getSecretValue)
	on(r, p.putSecretValue)
	on(r, p.deleteSecret)
}

// named is the secret that a name, an ARN, or an ARN without the six
// characters behind the name, names. Source:
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
func (p *secretsPart) named(id string) *storedSecret {
	for _, s := range p.s.Secrets.all() {
		if s.ARN == id || s.Name == id || s.ARN[:len(s.ARN)-7] == id {
			return s
		}
	}
	return nil
}

func (p *secretsPart) need(id *string) (*storedSecret, error) {
	s := p.named(aws.ToString(id))
	if s == nil {
		return nil, &types.ResourceNotFoundException{Message: aws.String("Secrets Manager can't find the specified secret.")}
	}
	return s, nil
}

func (p *secretsPart) createSecret(rq *request, in *secretsmanager.CreateSecretInput) (*secretsmanager.CreateSecretOutput, error) {
	name := aws.ToString(in.Name)
	if name == "" {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid name.")}
	}
	if p.named(name) != nil {
		return nil, &types.ResourceExistsException{Message: aws.String("The operation failed because the secret " + name + " already exists.")}
	}
	s := p.make(rq.now, name, aws.ToString(in.SecretString), tagMap(in.Tags))
	return &secretsmanager.CreateSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(name), VersionId: aws.String(s.Version)}, nil
}

func (p *secretsPart) make(at time.Time, name, value string, tags map[string]string) *storedSecret {
	arn := p.account.arn("secretsmanager", "secret:"+name+"-"+p.account.newHex("secret", 6))
	return p.s.Secrets.put(p.account, at, arn, &storedSecret{
		ARN: arn, Name: name, Version: p.account.newUUID("secret-version"), Value: []byte(value), Created: at, Changed: at, Tags: tags,
	})
}

// change gives a secret another value.
func (p *secretsPart) change(at time.Time, s *storedSecret, value string) {
	s.Previous, s.Version = s.Version, p.account.newUUID("secret-version")
	s.Value, s.Changed = []byte(value), at
}

func (p *secretsPart) describeSecret(_ *request, in *secretsmanager.DescribeSecretInput) (*secretsmanager.DescribeSecretOutput, error) {
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
	out.Tags = tagList[types.Tag](s.Tags)
	return out, nil
}

func (p *secretsPart) getSecretValue(_ *request, in *secretsmanager.GetSecretValueInput) (*secretsmanager.GetSecretValueOutput, error) {
	s, err := p.need(in.SecretId)
	if err != nil {
		return nil, err
	}
	if !s.Deleted.IsZero() {
		return nil, markedForDeletion()
	}
	return &secretsmanager.GetSecretValueOutput{
		ARN: aws.String(s.ARN), Name: aws.String(s.Name), SecretString: aws.String(string(s.Value)),
		VersionId: aws.String(s.Version), VersionStages: []string{"AWSCURRENT"}, CreatedDate: aws.Time(s.Changed),
	}, nil
}

func (p *secretsPart) putSecretValue(rq *request, in *secretsmanager.PutSecretValueInput) (*secretsmanager.PutSecretValueOutput, error) {
	s, err := p.need(in.SecretId)
	if err != nil {
		return nil, err
	}
	if !s.Deleted.IsZero() {
		return nil, markedForDeletion()
	}
	p.change(rq.now, s, aws.ToString(in.SecretString))
	return &secretsmanager.PutSecretValueOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name), VersionId: aws.String(s.Version)}, nil
}

func markedForDeletion() error {
	return &types.InvalidRequestException{
		Message: aws.String("You can't perform this operation on the secret because it was marked for deletion."),
	}
}

func (p *secretsPart) deleteSecret(rq *request, in *secretsmanager.DeleteSecretInput) (*secretsmanager.DeleteSecretOutput, error) {
	s, err := p.need(in.SecretId)
	if err != nil {
		return nil, err
	}
	if aws.ToBool(in.ForceDeleteWithoutRecovery) {
		p.s.Secrets.remove(rq.now, s.ARN)
	} else {
		s.Deleted = rq.now
	}
	return &secretsmanager.DeleteSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name), DeletionDate: aws.Time(rq.now)}, nil
}

// locate names the secret.
func (p *secretsPart) locate(_ string, in any) string {
	id := fieldText(in, "SecretId")
	switch {
	case strings.HasPrefix(id, "arn:"):
		return id
	case id != "":
		return p.account.arn("secretsmanager", "secret:"+id)
	}
	if name := fieldText(in, "Name"); name != "" {
		return p.account.arn("secretsmanager", "secret:"+name+"-??????")
	}
	return ""
}

// index implements indexed.
func (p *secretsPart) index(f indexFunc) {
	indexRows(&p.s.Secrets, f, func(s *storedSecret) (string, map[string]string) { return s.ARN, s.Tags })
}

func (p *secretsPart) Dump(d *dumper) {
	for _, s := range p.s.Secrets.all() {
		if s.Tags["berth:owner"] == "" {
			d.keep("secretsmanager.secret", s.ARN, s.Name, s.Tags)
			continue
		}
		d.add("secretsmanager.secret", s.ARN, s.Name, s.Tags)
	}
}

// Put makes a secret in Secrets Manager as somebody else than berth
// would, or gives it a new value, and returns its ARN.
func (p *secretsPart) Put(name, value string) (arn string) {
	if s := p.named(name); s != nil {
		p.change(p.account.now(), s, value)
		return s.ARN
	}
	return p.make(p.account.now(), name, value, nil).ARN
}

var (
	_ locator = (*secretsPart)(nil)
	_ indexed = (*secretsPart)(nil)
)

// Secret is the ARN of the secret with a name or an ARN, "" when there is none, and
// whether it can be read: one that is being deleted cannot.
func (p *secretsPart) Secret(id string) (arn string, readable bool) {
	s := p.named(id)
	if s == nil {
		return "", false
	}
	return s.ARN, s.Deleted.IsZero()
}
