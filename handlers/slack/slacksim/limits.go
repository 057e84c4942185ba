package slacksim

import "time"

// What Slack allows. Lengths are in characters where nothing else is said.
const (
	ackTimeout    = 3 * time.Second  // https://docs.slack.dev/interactivity/handling-user-interaction
	triggerLife   = 3 * time.Second  // https://docs.slack.dev/interactivity/handling-user-interaction
	hookLife      = 30 * time.Minute // response_url, same page
	hookUses      = 5
	eventRetries  = 3 // https://docs.slack.dev/apis/events-api
	maxSockets    = 10
	maxSocketText = 20 * 1024 // bytes; an answer of this size or more is dropped without a word

	maxText        = 40_000 // https://docs.slack.dev/reference/methods/chat.postMessage
	maxUpdateText  = 4_000  // bytes, see escapedLen
	maxMarkdown    = 12_000
	maxAttachments = 100
	maxMetadata    = 16 << 10 // bytes; Slack has such a bound but does not say where

	// maxBlocksText bounds the characters in all blocks of one message together (msg_blocks_too_long). Slack does
	// not publish it; a report found it near 13,200: https://github.com/slackapi/bolt-js/issues/2509
	maxBlocksText = 13_200

	maxMessageBlocks = 50 // https://docs.slack.dev/reference/block-kit/blocks
	maxViewBlocks    = 100
	maxBlockID       = 255
	maxTextObject    = 3_000 // https://docs.slack.dev/reference/block-kit/composition-objects/text-object
	maxFieldText     = 2_000
	maxFields        = 10
	maxHeader        = 150
	maxContext       = 10
	maxActions       = 25
	maxLabel         = 2_000
	maxTableRows     = 100
	maxTableCells    = 20
	maxButtonText    = 75
	maxButtonValue   = 2_000
	maxURL           = 3_000
	maxOptionText    = 75
	maxOptionValue   = 150 // https://docs.slack.dev/reference/block-kit/composition-objects/option-object
	maxOptions       = 100
	maxChecks        = 10 // checkboxes and radio buttons
	maxOverflow      = 5
	maxPlaceholder   = 150
	maxInputLength   = 3_000
	maxConfirmTitle  = 100
	maxConfirmText   = 300
	maxConfirmButton = 30

	maxViewTitle    = 24 // https://docs.slack.dev/surfaces/modals
	maxViewMetadata = 3_000
	maxViewID       = 255       // callback_id, external_id
	maxViewSize     = 250 << 10 // bytes; https://docs.slack.dev/reference/methods/views.open
	maxStack        = 3
)
