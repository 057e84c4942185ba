import type { LineAction, LineMessage, LineObject } from "../wire";
import { labelOf, useAct } from "./act";

// Template draws the older message kinds: buttons, confirm, carousel, image carousel.
export function Template({ message }: { message: LineMessage }) {
  const template = message.template as LineObject | undefined;
  const label = String(message.altText ?? "");
  const columns = (template?.columns as LineObject[] | undefined) ?? [];
  if (!template) return <div className="bubble bubble-desk">{label}</div>;
  if (columns.length === 0) return <Card card={template} label={label} across={template.type === "confirm"} />;
  return (
    <div className="fx-carousel" role="group" aria-label={label} tabIndex={0}>
      {columns.map((card, i) => <Card key={i} card={card} label={`${label} ${i + 1}/${columns.length}`} />)}
    </div>
  );
}

function Card({ card, label, across }: { card: LineObject; label: string; across?: boolean }) {
  const act = useAct();
  const actions = (card.actions as LineAction[] | undefined) ?? (card.action ? [card.action as LineAction] : []);
  return (
    <article className="fx-bubble fx-size-kilo template" aria-label={label}>
      <div className="template-words">
        {card.title && <strong>{String(card.title)}</strong>}
        {card.text && <p>{String(card.text)}</p>}
      </div>
      <div className={across ? "template-actions template-across" : "template-actions"}>
        {actions.map((action, i) => (
          <button key={i} type="button" className="fx-button fx-link fx-button-sm" data-testid="template-button" onClick={() => act(action)}>
            {labelOf(action)}
          </button>
        ))}
      </div>
    </article>
  );
}
