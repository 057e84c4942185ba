import { useRef, useState, type RefObject } from "react";
import { encode, line } from "../post";
import { useSay } from "../texts";
import { useGrow } from "../ui/grow";
import { Icon } from "../ui/icons";
import { Menu } from "../ui/menu";
import { useAsk } from "../ui/toast";
import { hall } from "./actions";
import { samples } from "./samples";
import { Sticker, stickers } from "./sticker";

interface ComposerProps {
  person: string;
  draft: string;
  setDraft: (draft: string) => void;
  menuOpen: boolean;
  setMenuOpen: (open: boolean) => void;
  fileInput: RefObject<HTMLInputElement | null>;
}

// Composer is where the person writes, and adds a file, a sticker or a place.
export function Composer({ person, draft, setDraft, menuOpen, setMenuOpen, fileInput }: ComposerProps) {
  const say = useSay();
  const ask = useAsk();
  const [faces, setFaces] = useState(false);
  const send = async () => {
    if (!draft.trim()) return;
    const text = draft;
    setDraft("");
    if (!(await ask(line({ person, do: "text", text })))) setDraft(text);
  };
  const sendFile = async (file: File) => void (await ask(line({ person, do: "file", file: await encode(file) })));
  const place = () => ask(line({ person, do: "location", params: hall(say("location.title"), say("location.address")) }));
  const items = [
    { id: "file", label: say("phone.file"), run: () => fileInput.current?.click(), testid: "line-file" },
    ...samples.map((sample) => ({
      id: sample.key,
      label: say(sample.key),
      run: () => void sendFile(sample.make()),
      testid: `line-${sample.key.replaceAll(".", "-")}`,
    })),
    { id: "place", label: say("phone.place"), run: () => void place(), testid: "line-location" },
  ];
  return (
    <>
      {faces && <Faces person={person} close={() => setFaces(false)} />}
      <form
        className="write"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <button type="button" className="icon-button" aria-label={say(menuOpen ? "phone.rich.close" : "phone.rich.open")} title={say(menuOpen ? "phone.rich.close" : "phone.rich.open")} aria-expanded={menuOpen} data-testid="line-menu-toggle" onClick={() => setMenuOpen(!menuOpen)}>
          <Icon name={menuOpen ? "keyboard" : "menu"} />
        </button>
        <Menu label={say("phone.add")} items={items} className="icon-button" testid="line-attach" up>
          <Icon name="plus" />
        </Menu>
        <Words draft={draft} setDraft={setDraft} send={send} />
        <button type="button" className="icon-button" aria-label={say("phone.sticker")} title={say("phone.sticker")} aria-expanded={faces} data-testid="line-stickers" onClick={() => setFaces(!faces)}>
          <Icon name="smile" />
        </button>
        <button type="submit" className="icon-button send" aria-label={say("send")} title={say("send")} disabled={!draft.trim()} data-testid="line-send">
          <Icon name="send" />
        </button>
        <input
          ref={fileInput}
          type="file"
          className="hidden"
          tabIndex={-1}
          aria-label={say("phone.file")}
          data-testid="line-file-input"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void sendFile(file);
            event.target.value = "";
          }}
        />
      </form>
    </>
  );
}

// Words grows with what is written, up to five lines. Enter sends where there is a keyboard, Shift+Enter is a new line.
function Words({ draft, setDraft, send }: { draft: string; setDraft: (draft: string) => void; send: () => void }) {
  const say = useSay();
  const area = useRef<HTMLTextAreaElement>(null);
  useGrow(area, draft, 116);
  return (
    <textarea
      ref={area}
      rows={1}
      value={draft}
      placeholder={say("phone.write")}
      aria-label={say("phone.write")}
      data-testid="line-input"
      onChange={(event) => setDraft(event.target.value === "\n" ? "" : event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
        if (window.matchMedia("(pointer: coarse)").matches) return;
        event.preventDefault();
        send();
      }}
    />
  );
}

function Faces({ person, close }: { person: string; close: () => void }) {
  const say = useSay();
  const ask = useAsk();
  return (
    <div className="faces" role="group" aria-label={say("phone.sticker")} onKeyDown={(event) => event.key === "Escape" && close()}>
      {stickers.map((sticker) => (
        <button
          key={sticker.stickerId}
          type="button"
          data-testid={`line-sticker-${sticker.keyword}`}
          onClick={() => {
            close();
            void ask(line({ person, do: "sticker", text: sticker.keyword, params: { packageId: sticker.packageId, stickerId: sticker.stickerId } }));
          }}
        >
          <Sticker keyword={sticker.keyword} />
        </button>
      ))}
    </div>
  );
}
