package linesim

import (
	"net/http"
	"time"
)

// route is one endpoint.
type route struct {
	method, pattern string
	serve           func(c *call) answer
	rate            Rate
	keyed           bool // takes a retry key
	json            bool // has a JSON body
	open            bool // needs no access token
	data            bool // on api-data.line.me
}

// routes is the table of contents: every endpoint that is simulated.
func (s *Sim) routes() []route {
	second := func(n int) Rate { return Rate{n, time.Second} }
	hour := func(n int) Rate { return Rate{n, time.Hour} }
	usual := second(2000) // https://developers.line.biz/en/reference/messaging-api/#rate-limits
	return []route{
		{method: "POST", pattern: "/v2/bot/message/reply", serve: (*call).reply, rate: usual, json: true},
		{method: "POST", pattern: "/v2/bot/message/push", serve: (*call).push, rate: usual, json: true, keyed: true},
		{method: "POST", pattern: "/v2/bot/message/multicast", serve: (*call).multicast, rate: second(200), json: true, keyed: true},
		{method: "POST", pattern: "/v2/bot/message/broadcast", serve: (*call).broadcast, rate: hour(60), json: true, keyed: true},
		{method: "POST", pattern: "/v2/bot/message/validate/{way}", serve: (*call).validate, rate: usual, json: true},

		{method: "GET", pattern: "/v2/bot/message/quota", serve: (*call).quota, rate: usual},
		{method: "GET", pattern: "/v2/bot/message/quota/consumption", serve: (*call).consumption, rate: usual},
		{method: "GET", pattern: "/v2/bot/message/delivery/reply", serve: deliveries("reply"), rate: hour(60)},
		{method: "GET", pattern: "/v2/bot/message/delivery/push", serve: deliveries("push"), rate: hour(60)},
		{method: "GET", pattern: "/v2/bot/message/delivery/multicast", serve: deliveries("multicast"), rate: hour(60)},
		{method: "GET", pattern: "/v2/bot/message/delivery/broadcast", serve: deliveries("broadcast"), rate: hour(60)},

		{method: "GET", pattern: "/v2/bot/message/{message}/content", serve: (*call).content, rate: usual, data: true},
		{method: "GET", pattern: "/v2/bot/message/{message}/content/preview", serve: (*call).preview, rate: usual, data: true},
		{method: "GET", pattern: "/v2/bot/message/{message}/content/transcoding", serve: (*call).transcoding, rate: usual, data: true},

		{method: "POST", pattern: "/v2/bot/chat/loading/start", serve: (*call).loading, rate: second(100), json: true},
		{method: "POST", pattern: "/v2/bot/chat/markAsRead", serve: (*call).markAsRead, rate: usual, json: true},
		{method: "POST", pattern: "/v2/bot/message/markAsRead", serve: (*call).notEntitled, rate: usual},

		{method: "GET", pattern: "/v2/bot/info", serve: (*call).botInfo, rate: usual},
		{method: "GET", pattern: "/v2/bot/profile/{user}", serve: (*call).profile, rate: usual},
		{method: "GET", pattern: "/v2/bot/followers/ids", serve: (*call).notEntitled, rate: usual},
		{method: "GET", pattern: "/v2/bot/group/{group}/summary", serve: (*call).groupSummary, rate: usual},
		{method: "GET", pattern: "/v2/bot/group/{group}/member/{user}", serve: (*call).groupMember, rate: usual},
		{method: "GET", pattern: "/v2/bot/group/{group}/members/ids", serve: (*call).notEntitled, rate: usual},
		{method: "POST", pattern: "/v2/bot/group/{group}/leave", serve: (*call).leaveGroup, rate: usual},

		{method: "GET", pattern: "/v2/bot/channel/webhook/endpoint", serve: (*call).getEndpoint, rate: Rate{1000, time.Minute}},
		{method: "PUT", pattern: "/v2/bot/channel/webhook/endpoint", serve: (*call).putEndpoint, rate: Rate{1000, time.Minute}, json: true},
		{method: "POST", pattern: "/v2/bot/channel/webhook/test", serve: (*call).testEndpoint, rate: hour(60), json: true},

		{method: "POST", pattern: "/v2/bot/richmenu", serve: (*call).createMenu, rate: hour(100), json: true},
		{method: "POST", pattern: "/v2/bot/richmenu/validate", serve: (*call).validateMenu, rate: usual, json: true},
		{method: "GET", pattern: "/v2/bot/richmenu/list", serve: (*call).listMenus, rate: second(10)},
		{method: "GET", pattern: "/v2/bot/richmenu/{menu}", serve: (*call).getMenu, rate: usual},
		{method: "DELETE", pattern: "/v2/bot/richmenu/{menu}", serve: (*call).deleteMenu, rate: hour(100)},
		{method: "POST", pattern: "/v2/bot/richmenu/{menu}/{part}", serve: (*call).uploadImage, rate: usual, data: true},
		{method: "GET", pattern: "/v2/bot/richmenu/{menu}/{part}", serve: (*call).downloadImage, rate: usual, data: true},

		{method: "POST", pattern: "/v2/bot/richmenu/alias", serve: (*call).createAlias, rate: usual, json: true},
		{method: "GET", pattern: "/v2/bot/richmenu/alias/list", serve: (*call).listAliases, rate: usual},
		{method: "GET", pattern: "/v2/bot/richmenu/alias/{alias}", serve: (*call).getAlias, rate: usual},
		{method: "POST", pattern: "/v2/bot/richmenu/alias/{alias}", serve: (*call).updateAlias, rate: usual, json: true},
		{method: "DELETE", pattern: "/v2/bot/richmenu/alias/{alias}", serve: (*call).deleteAlias, rate: hour(100)},

		{method: "POST", pattern: "/v2/bot/user/all/richmenu/{menu}", serve: (*call).setDefaultMenu, rate: usual},
		{method: "GET", pattern: "/v2/bot/user/all/richmenu", serve: (*call).getDefaultMenu, rate: usual},
		{method: "DELETE", pattern: "/v2/bot/user/all/richmenu", serve: (*call).dropDefaultMenu, rate: usual},
		{method: "POST", pattern: "/v2/bot/user/{user}/richmenu/{menu}", serve: (*call).linkMenu, rate: usual},
		{method: "GET", pattern: "/v2/bot/user/{user}/richmenu", serve: (*call).menuOfUser, rate: usual},
		{method: "DELETE", pattern: "/v2/bot/user/{user}/richmenu", serve: (*call).unlinkMenu, rate: usual},
		{method: "POST", pattern: "/v2/bot/richmenu/bulk/link", serve: (*call).linkMenus, rate: usual, json: true},
		{method: "POST", pattern: "/v2/bot/richmenu/bulk/unlink", serve: (*call).unlinkMenus, rate: usual, json: true},

		{method: "POST", pattern: "/oauth2/v3/token", serve: (*call).statelessToken, rate: usual, open: true},
	}
}

// muxes makes the three views on the routes: both hosts in one, and each alone.
func (s *Sim) muxes() (all, api, data *http.ServeMux) {
	all, api, data = http.NewServeMux(), http.NewServeMux(), http.NewServeMux()
	for _, rt := range s.routes() {
		if rate, ok := s.cfg.Rates[rt.name()]; ok {
			rt.rate = rate
		}
		h := s.handler(rt)
		all.Handle(rt.name(), h)
		if rt.data {
			data.Handle(rt.name(), h)
		} else {
			api.Handle(rt.name(), h)
		}
	}
	nowhere := s.handler(route{serve: (*call).nowhere, open: true})
	for _, mux := range []*http.ServeMux{all, api, data} {
		mux.Handle("/", nowhere)
	}
	return all, api, data
}

// name is how Config.Rates calls a route: "POST /v2/bot/message/push".
func (rt *route) name() string { return rt.method + " " + rt.pattern }

func (c *call) nowhere() answer { return refuse(404, "Not found") }

// notEntitled answers for what a small, unverified account may not do.
func (c *call) notEntitled() answer {
	return refuse(403, "Access to this API is not available for your account")
}
