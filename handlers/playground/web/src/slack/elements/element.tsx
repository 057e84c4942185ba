import { useId, useState } from "react";
import type { Element as Raw, ElementState } from "../../wire";
import { useSay } from "../../texts";
import { Button, Confirm, Overflow } from "./button";
import { useForm, type Place } from "./form";
import { Checks, Radios } from "./boxes";
import { Day } from "./day";
import { ManySelect, OneSelect } from "./select";
import { initial } from "./state";
import { Words } from "./words";

interface ElementProps {
  element: Raw;
  block: string;
  dispatch: boolean;
  id?: string;
  describedBy?: string;
}

// Element draws one interactive element by its type. In an actions block or beside a section a change is a press
// (dispatch); in an input block it is only kept, until the modal is sent.
export function Element({ element, block, dispatch, id, describedBy }: ElementProps) {
  const form = useForm();
  const own = useId();
  const say = useSay();
  const [asking, setAsking] = useState<ElementState | null>(null);
  const action = element.action_id ?? "";
  const state = form.state[block]?.[action] ?? initial(element);
  const press = (now: ElementState) => (element.confirm ? setAsking(now) : form.press(block, element, now));
  const change = (now: ElementState) => {
    form.set(block, action, now);
    if (dispatch) press(now);
  };
  const place: Place = { element, block, state, id: id ?? own, invalid: block in form.errors, describedBy, change };
  return (
    <>
      {draw(place, press, form.busy === `${block}/${action}`) ?? <span className="bk-unknown">{say("slack.unknown", { type: element.type })}</span>}
      {asking && (
        <Confirm
          confirm={element.confirm}
          answer={(yes) => {
            setAsking(null);
            if (yes) form.press(block, element, asking);
          }}
        />
      )}
    </>
  );
}

function draw(place: Place, press: (state: ElementState) => void, busy: boolean) {
  switch (place.element.type) {
    case "button":
    case "workflow_button":
      return <Button {...place} press={press} busy={busy} />;
    case "overflow":
      return <Overflow {...place} press={press} busy={busy} />;
    case "static_select":
    case "users_select":
    case "channels_select":
    case "conversations_select":
      return <OneSelect {...place} />;
    case "multi_static_select":
    case "multi_users_select":
    case "multi_channels_select":
    case "multi_conversations_select":
      return <ManySelect {...place} />;
    case "checkboxes":
      return <Checks {...place} />;
    case "radio_buttons":
      return <Radios {...place} />;
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return <Day {...place} />;
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return <Words {...place} press={press} />;
    default:
      return null;
  }
}
