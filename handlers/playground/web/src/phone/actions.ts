import { useCallback, useRef, useState } from "react";
import { line } from "../post";
import { useSay } from "../texts";
import { useAsk, useToast } from "../ui/toast";
import type { Json, LineAction } from "../wire";
import type { Act } from "./act";

// useActions carries out presses for one person: what goes to the platform is posted, what a phone does by itself
// (open an address, ask for a day, fill the keyboard) is done here.
export function useActions(person: string, openMenu: () => void) {
  const ask = useAsk();
  const toast = useToast();
  const say = useSay();
  const [asked, setAsked] = useState<LineAction | null>(null);
  const [draft, setDraft] = useState("");
  const fileInput = useRef<HTMLInputElement>(null);

  const postback = useCallback(
    (action: LineAction, params?: Record<string, Json>) =>
      void ask(line({ person, do: "postback", data: String(action.data ?? ""), display_text: action.displayText ?? action.text, params })),
    [ask, person],
  );

  const act: Act = useCallback(
    (action) => {
      switch (action.type) {
        case "postback":
          if (action.inputOption === "openKeyboard") setDraft(String(action.fillInText ?? ""));
          if (action.inputOption === "openRichMenu") openMenu();
          return postback(action);
        case "message":
          return void ask(line({ person, do: "text", text: String(action.text ?? "") }));
        case "uri":
          return open(String(action.uri ?? ""), (address) => toast(say("phone.address", { address })));
        case "datetimepicker":
          return setAsked(action);
        case "richmenuswitch":
          return postback(action, { newRichMenuAliasId: String(action.richMenuAliasId ?? ""), status: "SUCCESS" });
        case "clipboard":
          return void navigator.clipboard?.writeText(String(action.clipboardText ?? ""));
        case "camera":
        case "cameraRoll":
          return fileInput.current?.click();
        case "location":
          return void ask(line({ person, do: "location", params: hall(say("location.title"), say("location.address")) }));
        default:
          return toast(say("phone.unknown", { type: action.type }));
      }
    },
    [ask, openMenu, person, postback, say, toast],
  );

  const answer = (params: Record<string, Json> | null) => {
    if (asked && params) postback(asked, params);
    setAsked(null);
  };
  return { act, asked, answer, draft, setDraft, fileInput };
}

// hall is the place this page sends as a location: the city hall of the seeds' Kishiwada.
export const hall = (title: string, address: string): Record<string, Json> => ({ title, address, latitude: 34.4606, longitude: 135.3713 });

function open(address: string, tell: (address: string) => void) {
  if (/^https?:\/\//.test(address)) window.open(address, "_blank", "noopener,noreferrer");
  else tell(address);
}
