package object

import (
	"context"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// multipart checks that an object made of parts is born locked as well: that is
// how evidence comes in.
func (p *probe) multipart(ctx context.Context) error {
	to := evidence.ObjectRef{Bucket: p.ref.Bucket, Key: p.key + "-parts"}
	err := func() error {
		multipart, err := p.store.begin(ctx, to, "text/plain", evidence.Lock{Until: p.until})
		if err != nil {
			return err
		}
		part, err := p.store.PutPart(ctx, to, multipart, 1, p.body)
		if err != nil {
			return err
		}
		stored, err := p.store.Complete(ctx, to, multipart, []evidence.Part{part})
		if err != nil {
			return err
		}
		if stored.Lock.Until.Time().Before(p.until.Time()) {
			p.blame("an object that is uploaded in parts is not locked as it was told")
		} else if err := p.remove(ctx, stored.Ref, true); err == nil {
			p.blame("a locked version that was uploaded in parts can be deleted")
		} else if !isRefusal(err) {
			return translate(err, "deleting a probe object made of parts")
		}
		return nil
	}()
	if isUnknown(err) {
		return err
	}
	if err != nil {
		p.blame("it does not take a locked object in parts (%s)", evidence.MessageOf(err))
	}
	return nil
}

// hold checks that a legal hold alone keeps an object, and removes that object
// again: a hold has no end by itself.
func (p *probe) hold(ctx context.Context) error {
	ref, err := p.store.write(ctx, evidence.ObjectRef{Bucket: p.ref.Bucket, Key: p.key + "-hold"}, p.body, "text/plain", evidence.Lock{Hold: true})
	if isUnknown(err) {
		return err
	}
	if err != nil {
		p.blame("it does not take an object under legal hold (%s)", evidence.MessageOf(err))
		return nil
	}
	stored, err := p.store.Stat(ctx, ref)
	if isUnknown(err) {
		return err
	}
	if err != nil || !stored.Lock.Hold {
		p.blame("it does not show a legal hold with the object")
	}
	if err := p.remove(ctx, ref, true); err == nil {
		p.blame("a version under legal hold can be deleted")
		return nil
	} else if !isRefusal(err) {
		return translate(err, "deleting a probe object under legal hold")
	}
	// Where this program may not release a hold, a few bytes stay: no harm done.
	released := minio.LegalHoldDisabled
	if err := p.store.core.PutObjectLegalHold(ctx, ref.Bucket, ref.Key,
		minio.PutObjectLegalHoldOptions{VersionID: ref.Version, Status: &released}); err == nil {
		_ = p.remove(ctx, ref, false)
	}
	return nil
}
