package linesim_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/channel_access_token"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"

	"tsunagi/handlers/line/linesim"
)

// sdk is the official client, over two hosts as in life.
type sdk struct {
	*world
	api  *messaging_api.MessagingApiAPI
	blob *messaging_api.MessagingApiBlobAPI
	auth *channel_access_token.ChannelAccessTokenAPI
}

func newSDK(t *testing.T) *sdk {
	t.Helper()
	w := newWorld(t)
	api, data := httptest.NewServer(w.API()), httptest.NewServer(w.Data())
	t.Cleanup(api.Close)
	t.Cleanup(data.Close)
	s := &sdk{world: w}
	var e1, e2, e3 error
	s.api, e1 = messaging_api.NewMessagingApiAPI(token, messaging_api.WithEndpoint(api.URL))
	s.blob, e2 = messaging_api.NewMessagingApiBlobAPI(token, messaging_api.WithBlobEndpoint(data.URL))
	s.auth, e3 = channel_access_token.NewChannelAccessTokenAPI(channel_access_token.WithEndpoint(api.URL))
	must(t, errors.Join(e1, e2, e3))
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// everyMessage is one of each kind, built with the SDK's own types.
func everyMessage() []messaging_api.MessageInterface {
	yes := &messaging_api.PostbackAction{Label: "はい", Data: "yes", DisplayText: "はい"}
	link := &messaging_api.UriAction{Label: "開く", Uri: "https://www.city.kishiwada.lg.jp/"}
	const img = "https://example.com/i.jpg"
	return []messaging_api.MessageInterface{
		&messaging_api.TextMessage{Text: "$ あ", Emojis: []messaging_api.Emoji{{Index: 0, ProductId: "5ac1bfd5040ab15980c9b435", EmojiId: "001"}},
			QuickReply: &messaging_api.QuickReply{Items: []messaging_api.QuickReplyItem{{Type: "action", Action: yes}, {Type: "action", Action: &messaging_api.CameraAction{Label: "撮る"}},
				{Type: "action", Action: &messaging_api.DatetimePickerAction{Label: "日付", Data: "d", Mode: "date", Min: "2026-01-01", Max: "2026-12-31"}}}},
			Sender: &messaging_api.Sender{Name: "デスク"}},
		&messaging_api.TextMessageV2{Text: "{e}", Substitution: map[string]messaging_api.SubstitutionObjectInterface{"e": &messaging_api.EmojiSubstitutionObject{ProductId: "5", EmojiId: "1"}}},
		&messaging_api.StickerMessage{PackageId: "446", StickerId: "1988"},
		&messaging_api.ImageMessage{OriginalContentUrl: img, PreviewImageUrl: img},
		&messaging_api.VideoMessage{OriginalContentUrl: img, PreviewImageUrl: img},
		&messaging_api.AudioMessage{OriginalContentUrl: img, Duration: 1000},
		&messaging_api.LocationMessage{Title: "市役所", Address: "岸和田市岸城町7-1", Latitude: 34.46, Longitude: 135.37},
		&messaging_api.ImagemapMessage{BaseUrl: "https://example.com/i", AltText: "a", BaseSize: &messaging_api.ImagemapBaseSize{Width: 1040, Height: 700},
			Actions: []messaging_api.ImagemapActionInterface{&messaging_api.UriImagemapAction{LinkUri: "https://example.com/", Area: &messaging_api.ImagemapArea{Width: 10, Height: 10}}}},
		template(&messaging_api.ButtonsTemplate{Text: "a", Title: "b", Actions: []messaging_api.ActionInterface{yes, link}}),
		template(&messaging_api.ConfirmTemplate{Text: "a", Actions: []messaging_api.ActionInterface{yes, link}}),
		template(&messaging_api.CarouselTemplate{Columns: []messaging_api.CarouselColumn{{Text: "a", Actions: []messaging_api.ActionInterface{yes}}}}),
		template(&messaging_api.ImageCarouselTemplate{Columns: []messaging_api.ImageCarouselColumn{{ImageUrl: img, Action: yes}}}),
		flexMessage(yes, link),
		flexVideo(link),
	}
}

// flexVideo stands alone, since a carousel may not have one.
func flexVideo(link messaging_api.ActionInterface) messaging_api.MessageInterface {
	const img = "https://example.com/i.jpg"
	hero := &messaging_api.FlexVideo{Url: img, PreviewUrl: img, AltContent: &messaging_api.FlexImage{Url: img}, AspectRatio: "20:13", Action: link}
	return &messaging_api.FlexMessage{AltText: "a", Contents: &messaging_api.FlexBubble{Hero: hero}}
}

func template(t messaging_api.TemplateInterface) messaging_api.MessageInterface {
	return &messaging_api.TemplateMessage{AltText: "a", Template: t}
}

// flexMessage has every component, with the zero values that the SDK adds.
func flexMessage(yes, link messaging_api.ActionInterface) messaging_api.MessageInterface {
	const img = "https://example.com/i.jpg"
	body := &messaging_api.FlexBox{Layout: "vertical", Spacing: "md", PaddingAll: "12px", BackgroundColor: "#ffffff",
		Background: &messaging_api.FlexBoxLinearGradient{Angle: "90deg", StartColor: "#000000", EndColor: "#ffffff"},
		Contents: []messaging_api.FlexComponentInterface{
			&messaging_api.FlexText{Text: "提案", Weight: "bold", Size: "xl", Wrap: true},
			&messaging_api.FlexText{Contents: []messaging_api.FlexSpan{{Text: "a", Color: "#00ff00"}}},
			&messaging_api.FlexSeparator{Margin: "lg"}, &messaging_api.FlexFiller{},
			&messaging_api.FlexBox{Layout: "baseline", Contents: []messaging_api.FlexComponentInterface{&messaging_api.FlexIcon{Url: img, Size: "sm"}, &messaging_api.FlexText{Text: "a"}}},
			&messaging_api.FlexImage{Url: img, Size: "full", AspectRatio: "20:13", AspectMode: "cover", Action: link},
		}}
	footer := &messaging_api.FlexBox{Layout: "vertical", Contents: []messaging_api.FlexComponentInterface{
		&messaging_api.FlexButton{Action: yes, Style: "primary", Color: "#0000ff", Height: "sm"}}}
	one := messaging_api.FlexBubble{Size: "mega", Body: body, Footer: footer,
		Styles: &messaging_api.FlexBubbleStyles{Footer: &messaging_api.FlexBlockStyle{Separator: true}}}
	return &messaging_api.FlexMessage{AltText: "a", Contents: &messaging_api.FlexCarousel{Contents: []messaging_api.FlexBubble{one, one}}}
}

func TestSDKSendsEveryMessage(t *testing.T) {
	t.Parallel()
	s := newSDK(t)
	p := s.friend("tanaka")
	for i, m := range everyMessage() {
		t.Run(fmt.Sprintf("%d %s", i, m.GetType()), func(t *testing.T) {
			got, err := s.api.PushMessage(&messaging_api.PushMessageRequest{To: p.ID(), Messages: []messaging_api.MessageInterface{m}}, "")
			must(t, err)
			if len(got.SentMessages) != 1 || got.SentMessages[0].Id == "" {
				t.Errorf("sent %+v", got)
			}
		})
	}
	if got := ofKind(p.Chat(), linesim.Seen); len(got) != len(everyMessage()) {
		t.Errorf("%d messages on the phone", len(got))
	}
}

func TestSDKRepliesToWhatItParsed(t *testing.T) {
	t.Parallel()
	s := newSDK(t)
	var events []webhook.EventInterface
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, err := webhook.ParseRequest(secret, r)
		if err != nil {
			t.Error(err)
			w.WriteHeader(400)
			return
		}
		events = append(events, got.Events...)
	}))
	defer bot.Close()
	s.SetWebhookURL(bot.URL)
	p := s.friend("tanaka")
	s.ok(p.SendText(s.ctx, "提案したい"))
	s.ok(p.SendSticker(s.ctx, "446", "1988"))
	s.ok(p.SendLocation(s.ctx, "a", "b", 1, 2))
	s.ok(p.SendFile(s.ctx, "a.pdf", "application/pdf", nil))
	s.ok(p.PressPostback(s.ctx, "a", "", map[string]string{"date": "2026-11-20"}))
	s.ok(p.JoinGroup(s.ctx, "club"))
	s.ok(p.Block(s.ctx))
	var kinds []string
	for _, e := range events {
		if _, odd := e.(webhook.UnknownEvent); odd {
			t.Errorf("unknown to the SDK: %+v", e)
		}
		kinds = append(kinds, e.GetType())
	}
	if got := strings.Join(kinds, " "); got != "follow message message message message postback join unfollow" {
		t.Errorf("events %s", got)
	}
	e := events[1].(webhook.MessageEvent)
	_, err := s.api.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: e.ReplyToken, Messages: []messaging_api.MessageInterface{&messaging_api.TextMessage{Text: "はい"}}})
	must(t, err)
	if f := events[4].(webhook.MessageEvent).Message.(webhook.FileMessageContent); f.FileName != "a.pdf" || f.FileSize != 0 {
		t.Errorf("file %+v", f)
	}
}

func TestSDKRetries(t *testing.T) {
	t.Parallel()
	s := newSDK(t)
	p := s.friend("tanaka")
	req := &messaging_api.PushMessageRequest{To: p.ID(), Messages: []messaging_api.MessageInterface{&messaging_api.TextMessage{Text: "a"}}}
	s.Misbehave(linesim.Fault{Do: linesim.ApplyThenFail})
	if _, err := s.api.PushMessage(req, retryKey); err == nil {
		t.Fatal("no error for 500")
	}
	res, _, err := s.api.PushMessageWithHttpInfo(req, retryKey)
	if err == nil || res.StatusCode != 409 || res.Header.Get("X-Line-Accepted-Request-Id") == "" {
		t.Errorf("second try: %v", err)
	}
	if got := seen(p.Chat()); len(got) != 1 {
		t.Errorf("the phone shows %v", got)
	}
}

func TestSDKOtherCalls(t *testing.T) {
	t.Parallel()
	s := newSDK(t)
	p := s.friend("tanaka")
	profile, err := s.api.GetProfile(p.ID())
	must(t, err)
	if profile.DisplayName != "tanaka" || profile.UserId != p.ID() {
		t.Errorf("profile %+v", profile)
	}
	_, err = s.api.ShowLoadingAnimation(&messaging_api.ShowLoadingAnimationRequest{ChatId: p.ID(), LoadingSeconds: 20})
	must(t, err)
	info, err := s.api.GetBotInfo()
	must(t, err)
	if info.UserId != s.BotUserID() {
		t.Errorf("bot %+v", info)
	}
	quota, err := s.api.GetMessageQuota()
	must(t, err)
	if quota.Type != "none" {
		t.Errorf("quota %+v", quota)
	}
	_, err = s.api.Multicast(&messaging_api.MulticastRequest{To: []string{p.ID()}, Messages: []messaging_api.MessageInterface{&messaging_api.TextMessage{Text: "a"}}}, retryKey)
	must(t, err)
	s.ok(p.SendText(s.ctx, "a"))
	_, err = s.api.MarkMessagesAsReadByToken(&messaging_api.MarkMessagesAsReadByTokenRequest{MarkAsReadToken: s.bot.last(t).Message.MarkAsReadToken})
	must(t, err)
	_, err = s.api.ValidatePush(&messaging_api.ValidateMessageRequest{Messages: everyMessage()[:5]})
	must(t, err)
}

func TestSDKWebhookEndpoint(t *testing.T) {
	t.Parallel()
	s := newSDK(t)
	_, err := s.api.SetWebhookEndpoint(&messaging_api.SetWebhookEndpointRequest{Endpoint: s.bot.URL + "/line/webhook"})
	must(t, err)
	got, err := s.api.GetWebhookEndpoint()
	must(t, err)
	if got.Endpoint != s.bot.URL+"/line/webhook" || !got.Active {
		t.Errorf("endpoint %+v", got)
	}
	for _, bad := range []string{"http://example.com/", "https://" + many(500, "a"), "ftp://example.com/", ""} {
		if _, err := s.api.SetWebhookEndpoint(&messaging_api.SetWebhookEndpointRequest{Endpoint: bad}); err == nil {
			t.Errorf("%.30q was taken", bad)
		}
	}
	test, err := s.api.TestWebhookEndpoint(&messaging_api.TestWebhookEndpointRequest{})
	must(t, err)
	if !test.Success || test.StatusCode != 200 || len(s.bot.hooks) != 1 || len(s.bot.hooks[0].Events) != 0 {
		t.Errorf("test %+v", test)
	}
	s.bot.answers(func(w http.ResponseWriter, _ *http.Request, _ hook) { w.WriteHeader(401) })
	test, err = s.api.TestWebhookEndpoint(&messaging_api.TestWebhookEndpointRequest{})
	must(t, err)
	if test.Success || test.StatusCode != 401 {
		t.Errorf("test %+v", test)
	}
}

func TestSDKContent(t *testing.T) {
	t.Parallel()
	s := newSDK(t)
	s.SetTranscoding(1)
	r := s.ok(s.friend("tanaka").SendVideo(s.ctx, []byte("mp4"), time.Second))
	for _, want := range []string{"", "mp4"} {
		res, err := s.blob.GetMessageContent(r.MessageID)
		must(t, err)
		got, err := io.ReadAll(res.Body)
		must(t, errors.Join(err, res.Body.Close()))
		if string(got) != want {
			t.Errorf("content %q with status %d, want %q", got, res.StatusCode, want)
		}
	}
	if res := s.call("GET", "/v2/bot/message/"+r.MessageID+"/content", ""); res.status != 200 {
		t.Errorf("both hosts in one: %d", res.status)
	}
	wrong, err := messaging_api.NewMessagingApiBlobAPI(token, messaging_api.WithBlobEndpoint(s.apiURL(t)))
	must(t, err)
	if _, err := wrong.GetMessageContent(r.MessageID); err == nil {
		t.Error("api.line.me handed out content")
	}
}

func (s *sdk) apiURL(t *testing.T) string {
	srv := httptest.NewServer(s.API())
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestSDKRichMenu(t *testing.T) {
	t.Parallel()
	s := newSDK(t)
	p := s.friend("tanaka")
	menu := &messaging_api.RichMenuRequest{
		Size: &messaging_api.RichMenuSize{Width: 2500, Height: 843}, Selected: true, Name: "main", ChatBarText: "メニュー",
		Areas: []messaging_api.RichMenuArea{{Bounds: &messaging_api.RichMenuBounds{Width: 2500, Height: 843}, Action: &messaging_api.MessageAction{Label: "提案する", Text: "提案する"}}},
	}
	_, err := s.api.ValidateRichMenuObject(menu)
	must(t, err)
	made, err := s.api.CreateRichMenu(menu)
	must(t, err)
	_, err = s.blob.SetRichMenuImage(made.RichMenuId, "image/png", strings.NewReader(picturePNG(t, 2500, 843)))
	must(t, err)
	_, err = s.api.SetDefaultRichMenu(made.RichMenuId)
	must(t, err)
	_, err = s.api.CreateRichMenuAlias(&messaging_api.CreateRichMenuAliasRequest{RichMenuAliasId: "main", RichMenuId: made.RichMenuId})
	must(t, err)
	list, err := s.api.GetRichMenuList()
	must(t, err)
	aliases, err := s.api.GetRichMenuAliasList()
	must(t, err)
	byDefault, err := s.api.GetDefaultRichMenuId()
	must(t, err)
	got, err := s.api.GetRichMenu(made.RichMenuId)
	must(t, err)
	if len(list.Richmenus) != 1 || len(aliases.Aliases) != 1 || byDefault.RichMenuId != made.RichMenuId || got.ChatBarText != "メニュー" {
		t.Errorf("list %+v, aliases %+v, default %+v", list, aliases, byDefault)
	}
	s.ok(p.Tap(s.ctx, "提案する"))
	_, err = s.api.UpdateRichMenuAlias("main", &messaging_api.UpdateRichMenuAliasRequest{RichMenuId: made.RichMenuId})
	must(t, err)
	_, err = s.api.LinkRichMenuIdToUser(p.ID(), made.RichMenuId)
	must(t, err)
	_, err = s.api.DeleteRichMenuAlias("main")
	must(t, err)
	_, err = s.api.DeleteRichMenu(made.RichMenuId)
	must(t, err)
}

func TestSDKStatelessToken(t *testing.T) {
	t.Parallel()
	s := newSDK(t)
	if _, err := s.auth.IssueStatelessChannelTokenByClientSecret("100", "wrong"); err == nil {
		t.Error("a wrong secret got a token")
	}
	got, err := s.auth.IssueStatelessChannelTokenByClientSecret("100", secret)
	must(t, err)
	if got.TokenType != "Bearer" || got.ExpiresIn != 900 {
		t.Errorf("token of type %s for %d s", got.TokenType, got.ExpiresIn)
	}
	s.call("GET", "/v2/bot/info", "", "Authorization", "Bearer "+got.AccessToken).want(t, 200)
	s.clock.Add(15 * time.Minute)
	s.call("GET", "/v2/bot/info", "", "Authorization", "Bearer "+got.AccessToken).want(t, 401)
	_, err = s.auth.IssueStatelessChannelTokenByJWTAssertion("a.b.c")
	must(t, err)
}
