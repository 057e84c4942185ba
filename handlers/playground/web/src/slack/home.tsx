import { useMemo } from "react";
import { useSection } from "../live";
import { useSay } from "../texts";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import type { Staff } from "../wire";
import { Blocks } from "./blocks";
import { FormProvider } from "./elements/form";
import { useBlocks } from "./useform";

const none: Record<string, string> = {};

// Home is the app's own tab, as published for this person.
export function Home({ me, openDrawer }: { me: Staff; openDrawer: () => void }) {
  const say = useSay();
  const desk = useSection("desk");
  const view = useSection("home")[me.id];
  const blocks = useMemo(() => view?.blocks ?? [], [view]);
  const form = useBlocks(blocks, { user: me.id, view_id: view?.id ?? "" }, none);
  return (
    <div className="conversation">
      <header className="slack-head">
        <button type="button" className="icon-button drawer-button" aria-label={say("slack.channels")} onClick={openDrawer} data-testid="slack-drawer"><Icon name="menu" /></button>
        <Avatar id="bot" name={desk.bot} bot size="s" />
        <h2>{desk.bot}</h2>
        <span className="slack-topic">{say("slack.home")}</span>
      </header>
      <div className="messages home" tabIndex={0} role="region" aria-label={say("slack.home")} data-testid="slack-home-view">
        {view ? <FormProvider value={form}><Blocks blocks={blocks} /></FormProvider> : <p className="home-none">{say("slack.home.none")}</p>}
      </div>
    </div>
  );
}
