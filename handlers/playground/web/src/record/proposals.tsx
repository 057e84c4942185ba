import { useSection } from "../live";
import { useSay, useTexts } from "../texts";
import { format } from "../time";

// Proposals lists what the desk holds: number, title, state, whose turn, next date.
export function Proposals() {
  const say = useSay();
  const { lang } = useTexts();
  const staff = useSection("staff");
  const proposals = useSection("proposals");
  const owner = (id?: string) => staff.find((one) => one.id === id)?.name ?? id ?? "";
  return (
    <section className="panel" aria-labelledby="proposals-title">
      <header className="panel-head"><h3 id="proposals-title">{say("record.proposals")}</h3></header>
      <div className="table-box" tabIndex={0} role="region" aria-labelledby="proposals-title">
        <ul className="proposals">
          {proposals.map((one) => (
            <li key={one.number} data-testid={`proposal-${one.number}`}>
              <span className="proposal-top"><strong className="mono">{one.number}</strong><span className={`tag tag-${one.state}`}>{one.state_label}</span></span>
              <span className="proposal-title">{one.title}</span>
              <small className="quiet">
                {say("record.owner", { name: owner(one.owner) || say("record.nobody") })}
                {one.next_date && ` · ${say("record.next", { date: format(new Date(one.next_date), "date", lang) || one.next_date })}`}
              </small>
            </li>
          ))}
        </ul>
        {proposals.length === 0 && <p className="quiet panel-none">{say("record.none")}</p>}
      </div>
    </section>
  );
}
