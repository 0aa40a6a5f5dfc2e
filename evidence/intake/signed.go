package intake

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// uploadStage is when a person signs an upload. What the registry keeps of it
// between requests is anybody's who can write there, but for what is signed.
type uploadStage string

const (
	uploadBegun   uploadStage = "begun"   // as it is begun: what its record says
	uploadBrought uploadStage = "brought" // when the bytes are there, before there is an item of them: that, with their digest
)

// uploadSignature is a person's signature of an upload.
type uploadSignature struct {
	Key   string `json:"key"` // evidence.PublicKey.ID
	Bytes []byte `json:"sig"`
}

// uploadText returns the bytes that are signed: three lines, "sealcase/upload/v1",
// the stage, and the SHA-256 of the record as it began, in canonical JSON, with
// that digest for the one that is declared.
func uploadText(stage uploadStage, r uploadRecord, digest evidence.Digest) ([]byte, error) {
	r.Declared, r.Offset, r.Complete, r.Signature = digest, 0, false, nil
	body, err := canon.Marshal(r)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "sealcase/upload/v1\n%s\n%s\n", stage, evidence.Sum(body)), nil
}

// signUpload has the actor sign an upload of theirs. Vault says that the key is
// theirs.
func (s *Uploads) signUpload(ctx context.Context, actor evidence.Actor, stage uploadStage, r uploadRecord, digest evidence.Digest) (*uploadSignature, error) {
	if err := evidence.HasSigner(actor); err != nil {
		return nil, err
	}
	text, err := uploadText(stage, r, digest)
	if err != nil {
		return nil, err
	}
	signed, err := actor.Signer.Sign(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("nothing was recorded: %w", err)
	}
	if len(signed) != 1 {
		return nil, evidence.Errorf(evidence.Internal, "the signer returned %d signatures of one text", len(signed))
	}
	signature := &uploadSignature{Key: signed[0].Key.ID(), Bytes: signed[0].Bytes}
	return signature, s.journal.checkUpload(ctx, stage, r, digest, signature)
}

// checkUpload returns nil when whoever is said to have begun the upload signed
// that, by a key that Vault has for them, and Tampered when they did not.
func (s *journal) checkUpload(ctx context.Context, stage uploadStage, r uploadRecord, digest evidence.Digest, signature *uploadSignature) error {
	if signature != nil {
		keys, err := s.clerk.KeysOf(ctx, r.CreatedBy, signature.Key)
		if err != nil {
			return err
		}
		text, err := uploadText(stage, r, digest)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if k.ID() == signature.Key && k.Verify(text, signature.Bytes) {
				return nil
			}
		}
	}
	return evidence.Errorf(evidence.Tampered, "what the registry has of this upload is not what %s signed; nothing is taken of it: begin anew, and tell the supervisor", r.CreatedBy)
}

// checkRecord returns nil when a record is that of the upload, as its person
// signed it, and leads where an upload leads.
func (s *journal) checkRecord(ctx context.Context, id evidence.UploadID, r uploadRecord) error {
	item := evidence.Derive[evidence.ItemID](string(id))
	place := evidence.ObjectRef{Bucket: s.objects.Buckets().Evidence, Key: evidence.DataKey(r.Case, item)}
	if r.ID != id || r.Item != item || r.Object != place {
		return s.checkUpload(ctx, uploadBegun, r, r.Declared, nil)
	}
	return s.checkUpload(ctx, uploadBegun, r, r.Declared, r.Signature)
}

// asBrought returns the record as it is signed when the bytes are there.
func (u *upload) asBrought() uploadRecord {
	r := u.uploadRecord
	if !r.Collection.IsZero() {
		r.Collection.Root = u.root
	}
	return r
}

// bring makes sure that the person whose request this is signed what they
// brought. The signature is kept with the next step.
func (s *Uploads) bring(ctx context.Context, u *upload, digest evidence.Digest) error {
	if u.brought != nil {
		err := s.journal.checkUpload(ctx, uploadBrought, u.asBrought(), digest, u.brought)
		if evidence.CodeOf(err) != evidence.Tampered {
			return err
		}
	}
	signature, err := s.signUpload(ctx, u.actor, uploadBrought, u.asBrought(), digest)
	if err == nil {
		u.brought, u.unkept = signature, true
	}
	return err
}
