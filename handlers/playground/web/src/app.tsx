import { useState } from "react";
import { useChoice, type Tab } from "./choice";
import { useArrived, useConnected, useSection } from "./live";
import { Phone } from "./phone/phone";
import { Dock } from "./record/dock";
import { useStory } from "./record/usestory";
import { Workspace } from "./slack/workspace";
import { useTexts, type Key } from "./texts";
import { Knot } from "./ui/avatar";
import { Icon, type IconName } from "./ui/icons";

const tabs: { id: Tab; icon: IconName; key: Key }[] = [
  { id: "phone", icon: "phone", key: "tab.phone" },
  { id: "slack", icon: "hash", key: "tab.slack" },
  { id: "record", icon: "list", key: "tab.record" },
];

// App is the whole page: phone, workspace and record side by side, or one at a time where there is little room.
export function App() {
  const { say } = useTexts();
  const { tab } = useChoice();
  const arrived = useArrived();
  const { played } = useStory();
  return (
    <div className={`page tab-${tab}${played ? " page-playing" : ""}`}>
      {arrived && <Skips />}
      <TopBar />
      {arrived ? (
        <>
          <div className="stage">
            <Phone />
            <Workspace />
          </div>
          <Dock />
          <Tabs />
        </>
      ) : (
        <p className="waiting" role="status">{say("page.waiting")}</p>
      )}
    </div>
  );
}

// Skips lead a keyboard past all that comes before a side of the page.
function Skips() {
  const { say } = useTexts();
  const { choose } = useChoice();
  const go = (tab: Tab) => {
    choose({ tab });
    requestAnimationFrame(() => document.getElementById(`side-${tab}`)?.focus());
  };
  return (
    <nav className="skips" aria-label={say("skip.region")}>
      {tabs.map((one) => (
        <a key={one.id} href={`#side-${one.id}`} data-testid={`skip-${one.id}`} onClick={(event) => { event.preventDefault(); go(one.id); }}>{say(`skip.${one.id}`)}</a>
      ))}
    </nav>
  );
}

// useNews tells whether something has changed since it was last in view.
function useNews(section: unknown, shown: boolean): boolean {
  const [seen, setSeen] = useState(section);
  if (shown && seen !== section) setSeen(section);
  return !shown && seen !== section;
}

function TopBar() {
  const { lang, say, setLang } = useTexts();
  const desk = useSection("desk");
  const links = Object.entries(useSection("links")).filter(([, to]) => /^(https?:\/)?\/[^/]/.test(to));
  const connected = useConnected();
  return (
    <header className="top">
      <span className="top-mark"><Knot /></span>
      <h1>{say("page.name")}<small>{desk.name}</small></h1>
      <span className={connected ? "line-state" : "line-state line-broken"} role="status">{say(connected ? "page.live" : "page.broken")}</span>
      {links.map(([name, to]) => <a key={name} className="top-link" href={to} target="_blank" rel="noopener noreferrer">{name}</a>)}
      <button type="button" className="lang" lang={lang === "ja" ? "en" : "ja"} data-testid="language" onClick={() => setLang(lang === "ja" ? "en" : "ja")}>{say("page.other")}</button>
    </header>
  );
}

function Tabs() {
  const { say } = useTexts();
  const { tab, choose } = useChoice();
  const news: Record<Tab, boolean> = {
    phone: useNews(useSection("chats"), tab === "phone"),
    slack: useNews(useSection("messages"), tab === "slack"),
    record: false,
  };
  return (
    <nav className="tabs" aria-label={say("tab.region")}>
      {tabs.map((one) => (
        <button key={one.id} type="button" aria-current={tab === one.id ? "page" : undefined} data-testid={`tab-${one.id}`} onClick={() => choose(one.id === "record" ? { tab: one.id, dock: true } : { tab: one.id })}>
          <Icon name={one.icon} />
          <span>{say(one.key)}</span>
          {news[one.id] && <span className="tab-news"><span className="hidden">{say("tab.news")}</span></span>}
        </button>
      ))}
    </nav>
  );
}
