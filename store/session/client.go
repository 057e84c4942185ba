package session

import (
	"cmp"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// patience is how long one answer of Redis may take. A talk goes on without Redis, so it must not wait for it.
const patience = 300 * time.Millisecond

// Client connects to one Redis, to Sentinel, or to a Cluster, as the options say; what matters to a talk is set here, but
// for waits that the options set themselves. Nothing is sent before the first use.
func Client(o redis.UniversalOptions) redis.UniversalClient {
	o.ContextTimeoutEnabled = true
	for _, wait := range []*time.Duration{&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolTimeout} {
		*wait = cmp.Or(*wait, patience)
	}
	o.MaxRetries, o.DialerRetries = -1, 1
	o.PoolSize, o.MaxActiveConns = 64, 128
	o.ReadBufferSize, o.WriteBufferSize = 4<<10, 4<<10 // a session is smaller; the default would be 4 MiB for all
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewUniversalClient(&o)
}
