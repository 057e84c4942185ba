// Package story reads and plays stories: talks between a company and the city, written as plain sentences that a desk
// person can read, and played against the running application through the two simulators alone.
//
// Every sentence is a step: something that somebody does, or something that somebody sees. The forms of sentences are
// data (ja.yaml), so are the people (a Cast). A player knows nothing of the application but what people can see, and
// waits for that on the simulators' records; it never sleeps and never looks into a database.
//
// Begin reading with Open and Story, then Player; deeds are in phone.go, answer.go, slack.go and screen.go, what is seen
// in see.go.
package story
