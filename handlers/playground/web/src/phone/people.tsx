import { useEffect, useState } from "react";
import { useChoice } from "../choice";
import { useSection } from "../live";
import { useSay } from "../texts";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import type { ChatEntry, Person } from "../wire";

// People chooses whose phone is shown; a mark tells where something new has come in.
export function People({ people, chosen }: { people: Person[]; chosen: string }) {
  const say = useSay();
  const { choose } = useChoice();
  const fresh = useFresh(chosen);
  return (
    <div className="people" role="group" aria-label={say("phone.people")}>
      {people.map((person) => (
        <button
          key={person.id}
          type="button"
          className="person"
          aria-pressed={person.id === chosen}
          title={person.organization ? `${person.name} (${person.organization})` : person.name}
          data-testid={`person-${person.id}`}
          onClick={() => choose({ person: person.id })}
        >
          <Avatar id={person.id} name={person.name} size="s" />
          <span className="person-name">
            {person.name}
            {person.organization && <small>{person.organization}</small>}
          </span>
          {person.blocked && <span className="person-mark"><Icon name="block" size={14} /><span className="hidden">{say("phone.blocked")}</span></span>}
          {!person.blocked && fresh.has(person.id) && <span className="person-mark fresh"><span className="hidden">{say("phone.fresh")}</span></span>}
        </button>
      ))}
    </div>
  );
}

// useFresh remembers how far each talk has been seen and tells which have gone on since.
function useFresh(chosen: string): Set<string> {
  const chats = useSection("chats");
  const [seen, setSeen] = useState<Record<string, number>>({});
  const last = lastSeq(chats[chosen]);
  useEffect(() => setSeen((now) => ({ ...now, [chosen]: last })), [chosen, last]);
  const fresh = new Set<string>();
  for (const [id, entries] of Object.entries(chats)) {
    if (id !== chosen && lastSeq(entries) > (seen[id] ?? 0)) fresh.add(id);
  }
  return fresh;
}

const lastSeq = (entries: ChatEntry[] | undefined) => entries?.at(-1)?.seq ?? 0;
