import { useSay } from "../texts";
import { Icon } from "../ui/icons";
import { useStory } from "./usestory";

// StoryBar plays the chosen story: the next step, all of them, or from the start.
export function StoryBar() {
  const say = useSay();
  const { stories, chosen, busy, pick, play } = useStory();
  if (!chosen) return <div className="story-bar" />;
  const next = chosen.steps[chosen.step];
  const over = chosen.step >= chosen.steps.length;
  return (
    <div className="story-bar" role="group" aria-label={say("stories.title")}>
      <span className="story-pick">
        <select value={chosen.id} aria-label={say("stories.choose")} data-testid="story-choose" onChange={(event) => pick(event.target.value)}>
          {stories.map((one, i) => <option key={one.id} value={one.id}>{i + 1}. {one.title}</option>)}
        </select>
        <Icon name="down" size={15} />
      </span>
      <button type="button" className="key key-strong" aria-busy={busy} aria-disabled={over} data-testid="story-next" onClick={() => !over && play("next")}><Icon name="play" size={15} />{say("stories.next")}</button>
      <button type="button" className="key" aria-disabled={over || busy} data-testid="story-all" onClick={() => !over && play("all")}><Icon name="playAll" size={15} />{say("stories.all")}</button>
      <button type="button" className="key" aria-disabled={busy} data-testid="story-reset" aria-label={say("stories.reset")} title={say("stories.reset")} onClick={() => play("reset")}><Icon name="reset" size={15} /></button>
      <span className="story-step" title={next} data-testid="story-step" aria-live="polite">
        <b>{Math.min(chosen.step + 1, chosen.steps.length)}/{chosen.steps.length}</b>
        <span>{chosen.failed ? `${say("stories.failed")}${typeof chosen.failed === "string" ? ` – ${chosen.failed}` : ""}` : over ? say("stories.over") : next}</span>
      </span>
    </div>
  );
}
