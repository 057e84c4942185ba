import { useChoice, type Place } from "../choice";
import { useSection } from "../live";
import { slack } from "../post";
import { useSay } from "../texts";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { useAsk } from "../ui/toast";
import type { Channel, Staff } from "../wire";

interface SidebarProps {
  me: Staff;
  place: Place | null;
  unread: (channel: string) => number;
  close: () => void;
}

// Sidebar chooses who one is and where one looks. Channels one is no member of are shown shut.
export function Sidebar({ me, place, unread, close }: SidebarProps) {
  const say = useSay();
  const ask = useAsk();
  const desk = useSection("desk");
  const channels = useSection("channels");
  const { choose } = useChoice();
  const mine = channels.filter((channel) => !channel.direct && channel.members.includes(me.id));
  const others = channels.filter((channel) => !channel.direct && !channel.members.includes(me.id));
  const direct = channels.filter((channel) => channel.direct && channel.members.includes(me.id));
  const go = (to: Place) => {
    choose({ place: to, thread: "" });
    close();
  };
  const home = () => {
    go({ kind: "home" });
    void ask(slack({ user: me.id, do: "home" }));
  };
  const rooms = (list: Channel[]) => (
    <ul>
      {list.map((channel) => (
        <li key={channel.id}>
          <Room channel={channel} current={place?.kind === "channel" && place.id === channel.id} unread={unread(channel.id)} go={() => go({ kind: "channel", id: channel.id })} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <button type="button" className="drawer-shade" tabIndex={-1} aria-hidden="true" onClick={close} />
      <nav className="sidebar" aria-label={say("slack.sidebar")} onKeyDown={(event) => event.key === "Escape" && close()}>
        <header className="sidebar-head">
          <strong>{desk.workspace || desk.name}</strong>
        </header>
        <WhoAmI me={me} />
        <h3>{say("slack.channels")}</h3>
        {rooms(mine)}
        {others.length > 0 && (
          <>
            <h3>{say("slack.closed")}</h3>
            <ul>
              {others.map((channel) => (
                <li key={channel.id} className="room room-shut" data-testid={`slack-closed-${channel.id}`}>
                  <Icon name="lock" size={15} />
                  <span>{channel.name}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        {direct.length > 0 && (
          <>
            <h3>{say("slack.direct")}</h3>
            {rooms(direct)}
          </>
        )}
        <h3>{say("slack.apps")}</h3>
        <ul>
          <li>
            <button type="button" className="room" aria-current={place?.kind === "home" ? "page" : undefined} data-testid="slack-home" onClick={home}>
              <Avatar id="bot" name={desk.bot} bot size="s" />
              <span>{desk.bot}</span>
            </button>
          </li>
        </ul>
      </nav>
    </>
  );
}

interface RoomProps {
  channel: Channel;
  current: boolean;
  unread: number;
  go: () => void;
}

function Room({ channel, current, unread, go }: RoomProps) {
  const say = useSay();
  return (
    <button type="button" className={unread ? "room room-unread" : "room"} aria-current={current ? "page" : undefined} data-testid={`slack-channel-${channel.id}`} onClick={go}>
      {channel.direct ? <Avatar id="bot" name={channel.name} bot size="s" /> : <Icon name="hash" size={15} />}
      <span>{channel.name}</span>
      {unread > 0 && (
        <span className="unread" data-testid={`slack-unread-${channel.id}`}>
          {unread}
          <span className="hidden">{say("slack.unread")}</span>
        </span>
      )}
    </button>
  );
}

// WhoAmI chooses whose eyes and hands these are.
function WhoAmI({ me }: { me: Staff }) {
  const say = useSay();
  const staff = useSection("staff");
  const { choose } = useChoice();
  return (
    <div className="whoami">
      <Avatar id={me.id} name={me.name} size="m" />
      <label className="whoami-words">
        <span className="hidden">{say("slack.who")}</span>
        <select value={me.id} data-testid="slack-staff" onChange={(event) => choose({ staff: event.target.value, thread: "" })}>
          {staff.map((one) => (
            <option key={one.id} value={one.id}>{one.name} – {one.role}</option>
          ))}
        </select>
        <span className="whoami-face" aria-hidden="true">
          <strong>{me.name}</strong>
          <small>{me.role}</small>
        </span>
        <Icon name="down" size={16} />
      </label>
    </div>
  );
}
