import { useChoice } from "../choice";
import { useSection } from "../live";
import { useSay } from "../texts";
import { Icon } from "../ui/icons";
import { ClockBox } from "./clockbox";
import { Deliveries } from "./deliveries";
import { Faults } from "./faults";
import { ClockControls } from "./clockcontrols";
import { Proposals } from "./proposals";
import { Stories } from "./stories";
import { StoryBar } from "./storybar";
import { useCounts } from "./counts";

// Dock is the record below: a bar that is always there, and what it opens.
export function Dock() {
  const say = useSay();
  const { dock, choose } = useChoice();
  return (
    <section className={dock ? "dock dock-open" : "dock"} id="side-record" tabIndex={-1} aria-label={say("record.region")}>
      <div className="dock-bar">
        <button type="button" className="dock-toggle" aria-expanded={dock} aria-controls="record" data-testid="record-toggle" onClick={() => choose({ dock: !dock })}>
          <Icon name={dock ? "down" : "up"} size={18} />
          <span>{say("record.title")}</span>
        </button>
        <StoryBar />
        <Counts />
        <ClockBox />
      </div>
      <div className="dock-body" id="record" hidden={!dock}>
        <Stories />
        <Deliveries />
        <Proposals />
        <div className="dock-column">
          <ClockControls />
          <Faults />
        </div>
      </div>
    </section>
  );
}

// Counts tells at a glance whether anything waits or got stuck.
function Counts() {
  const say = useSay();
  const faults = useSection("faults").filter((fault) => fault.on).length;
  const { done, waiting, dead } = useCounts();
  return (
    <div className="counts">
      <span className="chip"><Icon name="send" size={14} />{say("record.sent", { n: done })}</span>
      {waiting > 0 && <span className="chip chip-wait"><Icon name="clock" size={14} />{say("record.waiting", { n: waiting })}</span>}
      {dead > 0 && <span className="chip chip-bad"><Icon name="alert" size={14} />{say("record.dead", { n: dead })}</span>}
      {faults > 0 && <span className="chip chip-bad"><Icon name="wave" size={14} />{say("record.faults", { n: faults })}</span>}
    </div>
  );
}
