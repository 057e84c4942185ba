import { useSection } from "../live";
import { fault } from "../post";
import { known, useSay } from "../texts";
import { Icon } from "../ui/icons";
import { useAsk } from "../ui/toast";
import type { Fault } from "../wire";

// Faults break the network between the parts: some as long as they are switched on, some once.
export function Faults() {
  const say = useSay();
  const faults = useSection("faults");
  return (
    <section className="panel panel-small" aria-labelledby="faults-title">
      <header className="panel-head"><h3 id="faults-title">{say("faults.title")}</h3></header>
      <ul className="faults">{faults.map((one) => <li key={one.id}>{one.once ? <Once one={one} /> : <Switch one={one} />}</li>)}</ul>
    </section>
  );
}

function Switch({ one }: { one: Fault }) {
  const say = useSay();
  const ask = useAsk();
  return (
    <button type="button" role="switch" aria-checked={one.on} className="fault" data-testid={`fault-${one.id}`} onClick={() => void ask(fault({ id: one.id, on: !one.on }))}>
      <span>{useLabel(one)}</span>
      <span className="switch" aria-hidden="true"><i /></span>
      <small aria-hidden="true">{say(one.on ? "faults.on" : "faults.off")}</small>
    </button>
  );
}

function Once({ one }: { one: Fault }) {
  const ask = useAsk();
  return (
    <button type="button" className="fault" data-testid={`fault-${one.id}`} onClick={() => void ask(fault({ id: one.id, on: true }))}>
      <span>{useLabel(one)}</span>
      <Icon name="wave" size={18} />
    </button>
  );
}

function useLabel(one: Fault): string {
  const say = useSay();
  const key = `fault.${one.id}`;
  return known(key) ? say(key) : one.id;
}
