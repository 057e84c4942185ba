import { useState } from "react";
import { useSection } from "../live";
import { useSay, useTexts } from "../texts";
import { format } from "../time";
import { Icon } from "../ui/icons";
import type { Delivery } from "../wire";
import { kindOf, kindWords, signOf, stateWords } from "./states";
import { useCounts } from "./counts";

const most = 200;

// Deliveries lists what must reach LINE and Slack, newest first, with lane, state and tries.
export function Deliveries() {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const all = useSection("deliveries");
  const counts = useCounts();
  const wanted = open ? all.filter((one) => kindOf(one.state) !== "done") : all;
  const rows = [...wanted].sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id)).slice(0, most);
  const rest = counts.waiting + counts.dead + (open ? 0 : counts.done) - rows.length;
  return (
    <section className="panel panel-wide" aria-labelledby="deliveries-title">
      <header className="panel-head">
        <h3 id="deliveries-title">{say("record.deliveries")}</h3>
        <label className="panel-filter"><input type="checkbox" checked={open} onChange={() => setOpen(!open)} />{say("record.open")}</label>
      </header>
      <div className="table-box" tabIndex={0} role="region" aria-labelledby="deliveries-title">
        <table>
          <thead>
            <tr>{(["time", "lane", "kind", "state", "tries"] as const).map((name) => <th key={name} scope="col">{say(`record.${name}`)}</th>)}</tr>
          </thead>
          <tbody>{rows.map((one) => <Row key={one.id} one={one} />)}</tbody>
        </table>
        {rows.length === 0 && <p className="quiet panel-none">{say("record.none")}</p>}
        {rest > 0 && <p className="quiet panel-none">{say("record.more", { n: rest })}</p>}
      </div>
    </section>
  );
}

function Row({ one }: { one: Delivery }) {
  const say = useSay();
  const { lang } = useTexts();
  const kind = kindOf(one.state);
  return (
    <tr data-testid={`delivery-${one.id}`}>
      <td>{format(new Date(one.at), "time", lang)}</td>
      <td className="mono lane" title={one.lane}>{lane(one.lane)}</td>
      <td className="kind" title={one.kind}>{kindWords(one.kind, say)}</td>
      <td>
        <span className={`state state-${kind}`}><Icon name={signOf[kind]} size={14} />{stateWords(one.state, say)}</span>
        {one.error && <small className="row-error">{one.error}</small>}
      </td>
      <td className="number">{one.tries}</td>
    </tr>
  );
}

// lane shortens the long ids within a lane's name; the whole is its title.
const lane = (name: string) => name.replace(/([A-Za-z0-9]{5})[A-Za-z0-9]{12,}([A-Za-z0-9]{3})/g, "$1…$2");
