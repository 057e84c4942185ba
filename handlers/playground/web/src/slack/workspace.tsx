import { useLayoutEffect, useRef, useState } from "react";
import { useChoice, type Place } from "../choice";
import { useSection } from "../live";
import { useSay } from "../texts";
import type { Channel, Staff } from "../wire";
import { Conversation } from "./conversation";
import { Home } from "./home";
import { Modal } from "./modal";
import { NamesProvider } from "./mrkdwn";
import { useSeen } from "./seen";
import { Sidebar } from "./sidebar";
import { Thread } from "./thread";

// Workspace is the city's side: Slack as one of its staff sees it.
export function Workspace() {
  const say = useSay();
  const staff = useSection("staff");
  const { staff: chosen } = useChoice();
  const me = staff.find((one) => one.id === chosen) ?? staff[0];
  return (
    <section className="slack-side" id="side-slack" tabIndex={-1} aria-label={say("slack.region")}>
      <NamesProvider>{me ? <Seat me={me} /> : <div className="slack" />}</NamesProvider>
    </section>
  );
}

function Seat({ me }: { me: Staff }) {
  const [drawer, setDrawer] = useState(false);
  const channels = useSection("channels");
  const views = useSection("views")[me.id] ?? [];
  const { place: chosen, thread } = useChoice();
  const place = placeFor(chosen, channels, me);
  const channel = place?.kind === "channel" ? channels.find((one) => one.id === place.id) : undefined;
  const seen = useSeen(me, channel?.id ?? "");
  const view = views.at(-1);
  useReturn(view !== undefined);
  return (
    <div className={`slack${thread && channel ? " slack-threaded" : ""}${drawer ? " slack-drawn" : ""}`}>
      <div className="slack-inner" inert={view !== undefined}>
        <Sidebar me={me} place={place} unread={seen.unread} close={() => setDrawer(false)} />
        <main className="slack-main">
          {place?.kind === "home" ? (
            <Home key={me.id} me={me} openDrawer={() => setDrawer(true)} />
          ) : channel ? (
            <Conversation key={`${me.id}/${channel.id}`} me={me} channel={channel} openDrawer={() => setDrawer(true)} />
          ) : (
            <Outside openDrawer={() => setDrawer(true)} />
          )}
        </main>
        {thread && channel && <Thread key={`${me.id}/${channel.id}/${thread}`} me={me} channel={channel} thread={thread} />}
      </div>
      {views.map((one, i) => <Modal key={one.id} me={me} view={one} depth={i + 1} top={one === view} />)}
    </div>
  );
}

// useReturn gives the focus back to what was pressed once the last modal has gone.
function useReturn(modal: boolean) {
  const before = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (modal) before.current = document.activeElement as HTMLElement | null;
    else if (before.current?.isConnected) before.current.focus({ preventScroll: true });
  }, [modal]);
}

// placeFor keeps the chosen place when this person may be there, else the first channel that is theirs.
function placeFor(place: Place | null, channels: Channel[], me: Staff): Place | null {
  if (place?.kind === "home") return place;
  const mine = channels.filter((channel) => channel.members.includes(me.id));
  const wanted = mine.find((channel) => channel.id === place?.id) ?? mine.find((channel) => !channel.direct);
  return wanted ? { kind: "channel", id: wanted.id } : null;
}

function Outside({ openDrawer }: { openDrawer: () => void }) {
  const say = useSay();
  return (
    <div className="slack-outside">
      <p>{say("slack.outside")}</p>
      <button type="button" className="bk-button bk-plain drawer-button" onClick={openDrawer} data-testid="slack-drawer">{say("slack.channels")}</button>
    </div>
  );
}
