import { Fragment, memo, useId } from "react";
import type { Block, Element as RawElement } from "../wire";
import { useSay } from "../texts";
import { Element } from "./elements/element";
import { useForm } from "./elements/form";
import { blockId } from "./elements/state";
import { Mrkdwn, Rich } from "./mrkdwn";
import { plain } from "./plain";

// Blocks draws Block Kit: what can be pressed or filled in is drawn here, the rest by slack-blocks-to-jsx. Plain text is
// also drawn here, since the renderer would read markup in it.
export const Blocks = memo(function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <div className="bk">
      {blocks.map((block, i) => <One key={blockId(block, i)} block={block} id={blockId(block, i)} />)}
    </div>
  );
});

function One({ block, id }: { block: Block; id: string }) {
  switch (block.type) {
    case "actions":
      return (
        <div className="bk-actions">
          {((block.elements as RawElement[]) ?? []).map((element, i) => <Element key={element.action_id ?? i} element={element} block={id} dispatch />)}
        </div>
      );
    case "input":
      return <Input block={block} id={id} />;
    case "section":
      return <Section block={block} id={id} />;
    case "header":
      return <h3 className="bk-header">{plain(block.text)}</h3>;
    case "divider":
      return <hr className="bk-divider" />;
    case "context":
      return <Context block={block} />;
    case "image":
      return <Picture alt={String(block.alt_text ?? "")} title={plain(block.title)} />;
    default:
      return <Rich block={block} />;
  }
}

function Section({ block, id }: { block: Block; id: string }) {
  const fields = (block.fields as unknown[] | undefined) ?? [];
  const accessory = block.accessory as RawElement | undefined;
  return (
    <div className="bk-section">
      <div className="bk-section-words">
        {block.text && <Words text={block.text} />}
        {fields.length > 0 && (
          <div className="bk-fields">
            {fields.map((field, i) => <div key={i}><Words text={field} /></div>)}
          </div>
        )}
      </div>
      {accessory && (
        <div className="bk-accessory">
          {accessory.type === "image" ? <Picture alt={String(accessory.alt_text ?? "")} small /> : <Element element={accessory} block={id} dispatch />}
        </div>
      )}
    </div>
  );
}

function Words({ text }: { text: any }) {
  if (text?.type === "mrkdwn") return <Mrkdwn text={String(text.text)} />;
  return <p className="bk-plain">{plain(text)}</p>;
}

function Context({ block }: { block: Block }) {
  const parts = (block.elements as any[] | undefined) ?? [];
  return (
    <div className="bk-context">
      {parts.map((part, i) => (
        <Fragment key={i}>{part.type === "image" ? <Picture alt={String(part.alt_text ?? "")} small /> : <Words text={part} />}</Fragment>
      ))}
    </div>
  );
}

// Input is a labelled field of a modal; its fault stands below it and is tied to it.
function Input({ block, id }: { block: Block; id: string }) {
  const say = useSay();
  const form = useForm();
  const own = useId();
  const element = block.element as RawElement;
  const fault = form.errors[id];
  const grouped = ["checkboxes", "radio_buttons"].includes(element.type) || element.type.startsWith("multi_");
  const Label = grouped ? "span" : "label";
  return (
    <div className={fault ? "bk-field bk-wrong" : "bk-field"} role={grouped ? "group" : undefined} aria-labelledby={grouped ? `${own}-label` : undefined}>
      <Label className="bk-label" id={`${own}-label`} {...(grouped ? {} : { htmlFor: own })}>
        {plain(block.label)}
        {block.optional && <small>{say("slack.optional")}</small>}
      </Label>
      <Element element={element} block={id} dispatch={block.dispatch_action === true} id={own} describedBy={`${own}-more`} />
      <div id={`${own}-more`}>
        {fault && <p className="bk-fault" role="alert" data-testid="slack-error">{fault}</p>}
        {block.hint && <p className="bk-hint">{plain(block.hint)}</p>}
      </div>
    </div>
  );
}

function Picture({ alt, title, small }: { alt: string; title?: string; small?: boolean }) {
  return <span className={small ? "bk-picture bk-picture-small" : "bk-picture"} role="img" aria-label={alt}>{small ? "" : title || alt}</span>;
}
