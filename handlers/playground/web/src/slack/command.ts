// Typed is what begins with a slash in the line: as it is sent, and whether it may still become the app's command.
export interface Typed {
  line: string;
  ours: boolean; // the first word is the command
  may: boolean; // the first word is the command or the beginning of it
  full: boolean; // something had to be made half-width
}

// commandIn reads a command. Slack's own client knows a command by a half-width slash and a half-width name only, and
// takes anything else for an ordinary message; who comes from a Japanese keyboard would post the command to all. Here the
// first word and the space behind it are made half-width; the rest stays as it was typed.
export function commandIn(text: string, command: string): Typed | null {
  if (!/^[/\uff0f]/.test(text)) return null;
  const [, first = "", space = "", rest = ""] = /^(\S+)(\s?)([^]*)$/.exec(text) ?? [];
  const word = first.normalize("NFKC");
  const line = word + (space && " ") + rest;
  return { line, ours: word === command, may: command.startsWith(word) && (!space || word === command), full: line !== text };
}
