package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/sealcase/sealcase/evidence"
)

// Page is a part of a list, in its order.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"The cursor of the page after this one; empty at the end"`
	Total int64  `json:"total" doc:"Of the whole list; -1 when not known"`
}

// PageQuery asks for a page of a list.
type PageQuery struct {
	Cursor Cursor    `query:"cursor" doc:"Where the page begins: the next of the page before; empty for the first page"`
	Limit  PageLimit `query:"limit" doc:"At most so many"`
}

// Cursor is a place in a list: where a page begins.
type Cursor string

// Schema implements huma.SchemaProvider.
func (Cursor) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, MaxLength: ref(evidence.MaxCursor)}
}

// PageLimit is how many elements a page has at most; 0 means DefaultPage.
type PageLimit int

// Schema implements huma.SchemaProvider.
func (PageLimit) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeInteger, Minimum: ref(1.0), Maximum: ref(float64(evidence.MaxPage)), Default: evidence.DefaultPage,
	}
}

func ref[T any](v T) *T { return &v }

// pageOf returns a page of the service as the interface shows it.
func pageOf[T, U any](p evidence.Page[T], show func(T) U) *body[Page[U]] {
	return &body[Page[U]]{Body: Page[U]{Items: each(p.Items, show), Next: p.Next, Total: p.Total}}
}

// each returns what show makes of each of items: a list that JSON never writes
// as null.
func each[T, U any](items []T, show func(T) U) []U {
	shown := make([]U, len(items))
	for i, v := range items {
		shown[i] = show(v)
	}
	return shown
}
