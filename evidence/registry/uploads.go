package registry

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence"
)

// AddUpload adds an upload, whose body is the caller's, and reports false when
// its identifier is taken.
func (r *Registry) AddUpload(ctx context.Context, id evidence.UploadID, body []byte) (added bool, err error) {
	return r.insert(ctx, uploads, document{ID: string(id), Body: string(body)})
}

// Upload returns the body of an upload, or NotFound.
func (r *Registry) Upload(ctx context.Context, id evidence.UploadID) ([]byte, error) {
	d, ok, err := r.one(ctx, uploads, string(id))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, evidence.Errorf(evidence.NotFound, "there is no upload %s", id)
	}
	return []byte(d.Body), nil
}

// FindUpload returns the body of the first upload that match accepts, or
// NotFound. It walks over all uploads, and is for the few that were cut off.
func (r *Registry) FindUpload(ctx context.Context, match func(body []byte) bool) (body []byte, err error) {
	err = r.retry(ctx, "reading "+uploads, func(ctx context.Context) error {
		body = nil
		cursor, err := r.db.Collection(uploads).Find(ctx, bson.D{}, options.Find().SetBatchSize(1000))
		if err != nil {
			return err
		}
		defer cursor.Close(ctx)
		for cursor.Next(ctx) {
			var d document
			if err := cursor.Decode(&d); err != nil {
				return err
			}
			if match([]byte(d.Body)) {
				body = []byte(d.Body)
				return nil
			}
		}
		return cursor.Err()
	})
	if err == nil && body == nil {
		err = evidence.Errorf(evidence.NotFound, "there is no such upload")
	}
	return body, err
}

// AddUploadStep adds step n of an upload, counted from 1, and reports false
// when it is taken: somebody else carried the upload on.
func (r *Registry) AddUploadStep(ctx context.Context, id evidence.UploadID, n int, body []byte) (added bool, err error) {
	return r.insert(ctx, uploadSteps, document{
		ID: fmt.Sprintf("%s/%06d", id, n), Upload: string(id), N: int64(n), Body: string(body),
	})
}

// UploadSteps returns the bodies of the steps of an upload, in order.
func (r *Registry) UploadSteps(ctx context.Context, id evidence.UploadID) ([][]byte, error) {
	found, err := r.find(ctx, uploadSteps, "upload", string(id))
	return bodies(found), err
}

func bodies(docs []document) [][]byte {
	out := make([][]byte, len(docs))
	for i, d := range docs {
		out[i] = []byte(d.Body)
	}
	return out
}
