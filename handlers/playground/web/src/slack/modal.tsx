import { useEffect, useId, useMemo, useRef, useState } from "react";
import { slack } from "../post";
import { useSay } from "../texts";
import { Icon } from "../ui/icons";
import { useAsk } from "../ui/toast";
import { goRound, stay } from "../ui/trap";
import type { Block, Staff, View } from "../wire";
import { Blocks } from "./blocks";
import { check } from "./elements/check";
import { FormProvider } from "./elements/form";
import { useOnce } from "./once";
import { plain } from "./plain";
import { useBlocks } from "./useform";

interface ModalProps {
  me: Staff;
  view: View;
  depth: number;
  top: boolean;
}

// Modal is one view of the stack; only the topmost is seen, those below keep what was typed. Escape closes it, the
// cross the whole stack; focus goes in, stays, and goes back when it goes.
export function Modal({ me, view, depth, top }: ModalProps) {
  const say = useSay();
  const ask = useAsk();
  const title = useId();
  const box = useRef<HTMLFormElement>(null);
  const [own, setOwn] = useState<Record<string, string>>({});
  const { busy, once } = useOnce();
  const sending = busy !== "";
  const blocks = useMemo(() => view.blocks ?? [], [view.blocks]);
  const errors = useMemo(() => ({ ...(view.errors ?? {}), ...own }), [view.errors, own]);
  const form = useBlocks(blocks, { user: me.id, view_id: view.id }, errors);
  useFocus(box, top, blocks);
  const close = (clear: boolean) => void ask(slack({ user: me.id, do: "close", view_id: view.id, clear }));
  const submit = async () => {
    const values = form.whole();
    const faults = check(blocks, values, say);
    setOwn(faults);
    if (Object.keys(faults).length === 0) await once("submit", () => ask(slack({ user: me.id, do: "submit", view_id: view.id, values })), true);
    focusFault(box.current);
  };
  return (
    <div className="modal-back" hidden={!top} onMouseDown={stay}>
      <form
        className="modal"
        role="dialog"
        aria-labelledby={title}
        ref={box}
        tabIndex={-1}
        noValidate
        data-testid={top ? "modal" : undefined}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        onKeyDown={(event) => (event.key === "Escape" ? close(false) : goRound(event))}
      >
        <header className="modal-head">
          {depth > 1 && <button type="button" className="icon-button" aria-label={say("slack.back")} data-testid="modal-back" onClick={() => close(false)}><Icon name="back" /></button>}
          <h2 id={title} tabIndex={-1}>{plain(view.title)}</h2>
          <button type="button" className="icon-button" aria-label={say("close")} data-testid="modal-x" onClick={() => close(true)}><Icon name="close" /></button>
        </header>
        <div className="modal-body">
          <FormProvider value={form}><Blocks blocks={blocks} /></FormProvider>
        </div>
        <footer className="modal-foot">
          <button type="button" className="bk-button bk-plain" data-testid="modal-close" onClick={() => close(false)}>{plain(view.close) || say("cancel")}</button>
          {view.submit && (
            <button type="submit" className="bk-button bk-primary" aria-busy={sending} data-testid="modal-submit">
              {sending && <span className="spin" aria-hidden="true" />}
              {plain(view.submit)}
            </button>
          )}
        </footer>
      </form>
    </div>
  );
}

// useFocus puts the focus on the first field, or the title; again when what had it is gone.
function useFocus(box: React.RefObject<HTMLFormElement | null>, top: boolean, blocks: Block[]) {
  useEffect(() => {
    if (top && !box.current?.contains(document.activeElement)) focusFirst(box.current);
  }, [box, top]);
  useEffect(() => {
    if (top && document.activeElement === document.body) focusFirst(box.current);
  }, [box, top, blocks]);
}

function focusFirst(box: HTMLElement | null) {
  const first = box?.querySelector<HTMLElement>(".modal-body input, .modal-body select, .modal-body textarea");
  (first ?? box?.querySelector<HTMLElement>("h2"))?.focus({ preventScroll: true });
}

// focusFault moves to the first field that is wrong, once it has been drawn.
function focusFault(box: HTMLElement | null) {
  requestAnimationFrame(() => {
    const wrong = box?.querySelector<HTMLElement>(".bk-wrong input, .bk-wrong select, .bk-wrong textarea");
    wrong?.focus();
    wrong?.scrollIntoView({ block: "center" });
  });
}
