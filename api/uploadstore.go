package api

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/tus/tusd/v2/pkg/handler"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/intake"
)

// uploadStore is tusd's view of custody. It keeps nothing.
type uploadStore struct {
	custody Uploads
	items   Exhibits
	cases   Casework
	server  *Server
}

var (
	_ handler.DataStore           = (*uploadStore)(nil)
	_ handler.TerminaterDataStore = (*uploadStore)(nil)
)

// errNoDigest is the answer where the last bytes come without a digest: they
// would have nothing to be compared with.
func errNoDigest() error {
	return evidence.Errorf(evidence.Invalid, "The last bytes of an upload come with the SHA-256 of all of them: "+
		"metadata sha256 when it is created, or the header Repr-Digest: sha-256=:BASE64:. "+
		"Nothing of this request was read; the upload stays. Send it again with the digest.")
}

// NewUpload implements handler.DataStore.
func (st *uploadStore) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	call := uploadCallOf(ctx)
	request, err := uploadRequest(info)
	if err != nil {
		return nil, call.fail(err)
	}
	if request.Declared, err = agreed(request.Declared, call.declared); err != nil {
		return nil, call.fail(err)
	}
	if !request.Collection.IsZero() {
		request.Collection.Root = call.root
	}
	if info.Size == 0 && request.Declared.IsZero() {
		return nil, call.fail(errNoDigest())
	}
	if call.key != "" {
		request.ID, _ = derive[evidence.UploadID](st.server, call.actor, call.key, string(request.Intake))
	}
	up, err := st.custody.CreateUpload(ctx, call.actor, request)
	if err != nil {
		return nil, call.fail(err)
	}
	return &tusUpload{store: st, call: call, up: up, here: up.Offset}, nil
}

// uploadRequest reads what a client says of the file that it sends.
func uploadRequest(info handler.FileInfo) (intake.UploadRequest, error) {
	r := intake.UploadRequest{
		Name: evidence.FileName(info.MetaData["name"]), Path: evidence.FileName(info.MetaData["path"]), Length: info.Size,
	}
	intake, err := evidence.ParseID[evidence.IntakeID](info.MetaData["intake"])
	if err != nil {
		return r, evidence.WrapError(evidence.Invalid, err, "Upload-Metadata must name the intake that the file belongs to. No upload was begun.")
	}
	r.Intake = intake
	if err := r.Name.Valid(); err != nil {
		return r, err
	}
	if text := info.MetaData["sha256"]; text != "" {
		if r.Declared, err = evidence.ParseDigest(text); err != nil {
			return r, err
		}
	}
	if text := info.MetaData["collection"]; text != "" {
		if r.Collection, err = readCollection(text); err != nil {
			return r, err
		}
	}
	return r, r.ModifiedAt.UnmarshalText([]byte(info.MetaData["modified_at"]))
}

// readCollection reads what is said of a collection when its upload begins: how
// many lines its manifest has, and at which offset it begins.
func readCollection(text string) (evidence.Collection, error) {
	leaves, manifest, _ := strings.Cut(text, " ")
	l, err := strconv.ParseInt(leaves, 10, 64)
	m, err2 := strconv.ParseInt(manifest, 10, 64)
	if err != nil || err2 != nil || l < 1 || m < 1 {
		return evidence.Collection{}, evidence.Errorf(evidence.Invalid, "Metadata collection is how many lines the manifest has, a space, and the offset at which it begins. No upload was begun.")
	}
	return evidence.Collection{Leaves: l, Manifest: m}, nil
}

// errNoRoot is the answer where the last bytes of a collection come without the
// root of its manifest.
func errNoRoot() error {
	return evidence.Errorf(evidence.Invalid, "The last bytes of a collection come with the root of its manifest: header Sealcase-Collection-Root. "+
		"Nothing of this request was read; the upload stays. Send it again with the root.")
}

// agreed returns the one digest that was declared, however often.
func agreed(a, b evidence.Digest) (evidence.Digest, error) {
	switch {
	case a.IsZero():
		return b, nil
	case b.IsZero() || a == b:
		return a, nil
	}
	return a, evidence.Errorf(evidence.Invalid,
		"Two different SHA-256 are declared for this upload. Nothing of this request was read; what was sent before is kept.")
}

// GetUpload implements handler.DataStore. An upload whose bytes are all there
// and that could not be completed then is completed by the next PATCH.
func (st *uploadStore) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	call := uploadCallOf(ctx)
	parsed, err := evidence.ParseID[evidence.UploadID](id)
	if err != nil {
		return nil, call.fail(evidence.Errorf(evidence.NotFound, "There is no such upload, or it is somebody else's."))
	}
	up, err := st.custody.Upload(ctx, call.actor, parsed)
	if err != nil {
		return nil, call.fail(err)
	}
	u := &tusUpload{store: st, call: call, up: up}
	if call.method == http.MethodPatch && up.Offset == up.Length {
		if err := u.FinishUpload(ctx); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// AsTerminatableUpload implements handler.TerminaterDataStore.
func (st *uploadStore) AsTerminatableUpload(u handler.Upload) handler.TerminatableUpload {
	return u.(*tusUpload)
}

// tusUpload is one upload during one request.
type tusUpload struct {
	store *uploadStore
	call  *uploadCall
	up    evidence.Upload
	// here is how many bytes an earlier request with the same key has brought:
	// a repeat brings them again, from the beginning, and they are passed over.
	here int64
}

// GetInfo implements handler.Upload.
func (u *tusUpload) GetInfo(context.Context) (handler.FileInfo, error) {
	return handler.FileInfo{
		ID: string(u.up.ID), Size: u.up.Length, Offset: u.up.Offset - u.here,
		MetaData: handler.MetaData{"intake": string(u.up.Intake), "name": string(u.up.Name)},
	}, nil
}

// WriteChunk implements handler.Upload.
func (u *tusUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	declared, err := agreed(u.up.Declared, u.call.declared)
	if err != nil {
		return 0, u.call.fail(err)
	}
	mayBeLast := u.call.length < 0 || offset+u.call.length >= u.up.Length
	if declared.IsZero() && mayBeLast {
		return 0, u.call.fail(errNoDigest())
	}
	if mayBeLast && !u.up.Collection.IsZero() && u.up.Collection.Root.IsZero() && u.call.root.IsZero() {
		return 0, u.call.fail(errNoRoot())
	}
	if u.here > 0 {
		passed, err := io.CopyN(io.Discard, src, u.here)
		if err != nil || u.here == u.up.Length {
			return passed, nil //nolint:nilerr // a body that broke is told by tusd
		}
	}
	n, err := u.store.custody.WriteUpload(ctx, u.call.actor, u.up.ID, offset+u.here, src)
	u.up.Offset = offset + u.here + n
	if err != nil {
		return u.here + n, u.call.fail(err)
	}
	return u.here + n, nil
}

// GetReader implements handler.Upload. Bytes are read through evidence, with a
// purpose, never here.
func (u *tusUpload) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, handler.ErrNotImplemented
}

// FinishUpload implements handler.Upload.
func (u *tusUpload) FinishUpload(ctx context.Context) error {
	if u.call.failure != nil {
		return u.call.failure // of the bytes before: nothing is complete
	}
	declared, err := agreed(u.up.Declared, u.call.declared)
	if err != nil {
		return u.call.fail(err)
	}
	if declared.IsZero() && !u.up.Complete {
		return u.call.fail(errNoDigest())
	}
	item, err := u.store.custody.CompleteCollection(ctx, u.call.actor, u.up.ID, declared, u.call.root)
	if err != nil {
		return u.call.fail(err)
	}
	c, err := u.store.cases.Case(ctx, u.call.actor, item.Case)
	if err != nil {
		return u.call.fail(err)
	}
	u.call.item, u.call.exhibit = item, evidence.ExhibitNumber(c.Number, item.Exhibit)
	u.store.server.notices.received(u.call.actor, item.Intake)
	return nil
}

// Terminate implements handler.TerminatableUpload.
func (u *tusUpload) Terminate(ctx context.Context) error {
	if err := u.store.custody.AbortUpload(ctx, u.call.actor, u.up.ID); err != nil {
		return u.call.fail(err)
	}
	return nil
}
