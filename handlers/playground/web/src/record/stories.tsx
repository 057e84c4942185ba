import { useRef, useState } from "react";
import { story } from "../post";
import { Confirm } from "../slack/elements/button";
import { useSay } from "../texts";
import { Icon } from "../ui/icons";
import { useAsk } from "../ui/toast";
import type { Story } from "../wire";
import { useStory } from "./usestory";

// Stories lists the talks that can be played, with the steps of the one chosen.
export function Stories() {
  const say = useSay();
  const { stories, chosen, pick } = useStory();
  return (
    <section className="panel" aria-labelledby="stories-title">
      <header className="panel-head">
        <h3 id="stories-title">{say("stories.title")}</h3>
        <Reset />
      </header>
      <div className="table-box">
        <ul className="stories">
          {stories.map((one, i) => (
            <li key={one.id}>
              <button type="button" className="story" aria-pressed={one.id === chosen?.id} data-testid={`story-${one.id}`} onClick={() => pick(one.id)}>
                <Mark one={one} number={i + 1} />
                <span>{one.title}</span>
                <small>{one.step}/{one.steps.length}</small>
              </button>
              {one.id === chosen?.id && <Steps one={one} />}
            </li>
          ))}
        </ul>
        {stories.length === 0 && <p className="quiet panel-none">{say("record.none")}</p>}
      </div>
    </section>
  );
}

// Reset throws everything away, and asks first.
function Reset() {
  const say = useSay();
  const ask = useAsk();
  const [asking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const words = (text: string) => ({ type: "plain_text", text });
  const answer = (yes: boolean) => {
    setAsking(false);
    button.current?.focus();
    if (yes) void ask(story({ id: "", do: "reset" }));
  };
  return (
    <>
      <button type="button" ref={button} className="key" data-testid="reset" onClick={() => setAsking(true)}><Icon name="reset" size={15} />{say("stories.reset.all")}</button>
      {asking && <Confirm confirm={{ style: "danger", title: words(say("stories.reset.ask")), text: words(say("stories.reset.lost")), confirm: words(say("stories.reset.yes")), deny: words(say("cancel")) }} answer={answer} />}
    </>
  );
}

function Mark({ one, number }: { one: Story; number: number }) {
  const say = useSay();
  if (one.failed) return <span className="mark mark-bad"><Icon name="alert" size={14} /><span className="hidden">{say("stories.failed")}</span></span>;
  if (one.done) return <span className="mark mark-good"><Icon name="check" size={14} /><span className="hidden">{say("stories.done")}</span></span>;
  return <span className="mark">{number}</span>;
}

function Steps({ one }: { one: Story }) {
  return (
    <ol className="steps">
      {one.steps.map((step, i) => (
        <li key={i} className={i < one.step ? "step-past" : i === one.step ? "step-now" : ""} aria-current={i === one.step ? "step" : undefined}>{step}</li>
      ))}
      {typeof one.failed === "string" && one.failed && <li className="step-fault">{one.failed}</li>}
    </ol>
  );
}
