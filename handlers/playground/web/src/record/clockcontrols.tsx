import { clock } from "../post";
import { useSay, type Key } from "../texts";
import { useAsk } from "../ui/toast";

const steps: { key: Key; body: { add_seconds?: number; to?: string } }[] = [
  { key: "clock.hour", body: { add_seconds: 3600 } },
  { key: "clock.day", body: { add_seconds: 86400 } },
  { key: "clock.workday", body: { to: "next_working_day" } },
  { key: "clock.week", body: { add_seconds: 7 * 86400 } },
];

// ClockControls move the desk's time on, so that what waits for a day can be seen at once.
export function ClockControls() {
  const say = useSay();
  const ask = useAsk();
  return (
    <section className="panel panel-small" aria-labelledby="clock-title">
      <header className="panel-head"><h3 id="clock-title">{say("clock.title")}</h3></header>
      <div className="keys">
        {steps.map((step) => (
          <button key={step.key} type="button" className="key" data-testid={step.key.replace(".", "-")} onClick={() => void ask(clock(step.body))}>{say(step.key)}</button>
        ))}
      </div>
    </section>
  );
}
