import { useState } from "react";
import { useChoice } from "../choice";
import { useSection } from "../live";
import { line } from "../post";
import { useSay, useTexts } from "../texts";
import { format } from "../time";
import { useAsk } from "../ui/toast";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { Menu, type MenuItem } from "../ui/menu";
import { useNow } from "../record/now";
import type { Person } from "../wire";
import { ActProvider } from "./act";
import { Chat } from "./chat";
import { Composer } from "./composer";
import { PickTime } from "./picktime";
import { People } from "./people";
import { RichMenuArea } from "./richmenu";
import { useActions } from "./actions";

// Phone is the company's side: one person's LINE talk with the desk.
export function Phone() {
  const say = useSay();
  const people = useSection("people");
  const { person: chosen } = useChoice();
  const person = people.find((one) => one.id === chosen) ?? people[0];
  return (
    <section className="phone-side" id="side-phone" tabIndex={-1} aria-label={say("phone.region")}>
      <People people={people} chosen={person?.id ?? ""} />
      {person ? <Device key={person.id} person={person} /> : <div className="device device-empty" />}
    </section>
  );
}

function Device({ person }: { person: Person }) {
  const [menuOpen, setMenuOpen] = useState(true);
  const chats = useSection("chats");
  const entries = chats[person.id] ?? [];
  const friend = person.friend ?? (entries.length > 0 || person.blocked === true);
  const { act, asked, answer, draft, setDraft, fileInput } = useActions(person.id, () => setMenuOpen(true));
  return (
    <ActProvider value={act}>
      <div className="device">
        <div className="screen">
          <StatusBar />
          <Header person={person} friend={friend} />
          <Chat person={person} entries={entries} friend={friend} />
          {friend && !person.blocked && (
            <footer className="phone-foot">
              <Composer
                person={person.id}
                draft={draft}
                setDraft={setDraft}
                menuOpen={menuOpen}
                setMenuOpen={setMenuOpen}
                fileInput={fileInput}
              />
              {menuOpen && <RichMenuArea />}
            </footer>
          )}
          {asked && <PickTime action={asked} answer={answer} />}
        </div>
      </div>
    </ActProvider>
  );
}

function StatusBar() {
  const { lang } = useTexts();
  const now = useNow();
  return (
    <div className="status-bar" aria-hidden="true">
      <span>{format(now, "time", lang)}</span>
      <span className="status-island" />
      <span className="status-signs"><i /><i /><i /><b /></span>
    </div>
  );
}

function Header({ person, friend }: { person: Person; friend: boolean }) {
  const say = useSay();
  const ask = useAsk();
  const desk = useSection("desk");
  const name = desk.name || desk.bot;
  const go = (what: "block" | "unblock" | "follow") => void ask(line({ person: person.id, do: what }));
  const items: MenuItem[] = [];
  if (!friend) items.push({ id: "follow", label: say("phone.follow"), run: () => go("follow"), testid: "line-follow-item" });
  if (friend && !person.blocked) items.push({ id: "block", label: say("phone.block"), run: () => go("block"), danger: true, testid: "line-block" });
  if (person.blocked) items.push({ id: "unblock", label: say("phone.unblock"), run: () => go("unblock"), testid: "line-unblock-item" });
  return (
    <header className="phone-head">
      <Avatar id="desk" name={name} bot size="s" />
      <h2>{name}</h2>
      <Menu label={say("phone.menu")} items={items} className="icon-button" testid="line-menu" left>
        <Icon name="more" />
      </Menu>
    </header>
  );
}
