// Package api is the program's HTTP interface: requests in, calls of custody
// and of the workflows, answers and problems out. It decides nothing about
// evidence: who may do what, and whether the state allows it, is custody's.
//
// Where to look first:
//
//   - New makes a Server of a Config; Server.Handler is the whole of it, and
//     Server.Run serves it until its context ends.
//   - Each resource has a file with its operations, declared once with Huma:
//     the types are the validation, the documentation and the client's source.
//     OpenAPI returns that document; api/openapi.json is its committed copy.
//   - Every failure is a Problem (RFC 9457); problem.go maps evidence.Code to
//     an HTTP status, once.
//   - upload.go speaks tus 1.0 (resumable uploads) over custody's uploads.
package api
