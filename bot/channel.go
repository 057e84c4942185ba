package bot

// ChannelFault says why a Slack channel of the profile is not fit to carry cases. Empty: it is fit.
type ChannelFault string

// A channel that everybody in the workspace can read or join, that people of other organisations are in or invited to, that is
// archived, or in which the app is not. The schema lists the same.
const (
	ChannelPublic   ChannelFault = "public"
	ChannelShared   ChannelFault = "shared"
	ChannelArchived ChannelFault = "archived"
	ChannelAway     ChannelFault = "away"
)

// Key is the catalogue key of what is said about it.
func (f ChannelFault) Key() string { return "closed." + string(f) }

// Channels are all channels of the profile, each once, the desk's first.
func (d *Desk) Channels() []string {
	all, seen := []string{d.Channel}, map[string]bool{d.Channel: true}
	for _, dep := range d.Departments {
		if !seen[dep.Channel] {
			all, seen[dep.Channel] = append(all, dep.Channel), true
		}
	}
	return all
}
