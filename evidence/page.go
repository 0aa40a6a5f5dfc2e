package evidence

// Page is a part of anything listed, in its order.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`  // cursor of the next page; "" at the end
	Total int64  `json:"total"` // of the whole list; -1 when unknown
}
