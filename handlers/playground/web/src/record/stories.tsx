import { story } from "../post";
import { useSay } from "../texts";
import { Icon } from "../ui/icons";
import { useAsk } from "../ui/toast";
import type { Story } from "../wire";
import { useStory } from "./usestory";

// Stories lists the talks that can be played, with the steps of the one chosen.
export function Stories() {
  const say = useSay();
  const ask = useAsk();
  const { stories, chosen, pick } = useStory();
  return (
    <section className="panel" aria-labelledby="stories-title">
      <header className="panel-head">
        <h3 id="stories-title">{say("stories.title")}</h3>
        <button type="button" className="key" data-testid="reset" onClick={() => void ask(story({ id: "", do: "reset" }))}><Icon name="reset" size={15} />{say("stories.reset.all")}</button>
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
