package outbox

import "tsunagi/store"

// Posted hands over what was committed, as the store does, in an order that a test chooses.
func Posted(o *Outbox, ds ...store.Delivery) { o.posted(ds) }
