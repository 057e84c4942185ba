// Package line is LINE on the wire: it verifies and reads webhooks, turns neutral messages into LINE's, sends them, and
// fetches what people send.
//
// It never decides what to say, never stores anything, and never logs what people write. Begin reading with Webhook for
// the way in, and with Client and its Send for the way out; render.go turns a message into LINE's form.
//
// Rules of the platform are linked where they are kept, from https://developers.line.biz/en/reference/messaging-api/.
package line
