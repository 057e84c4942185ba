import { useEffect, useId, useRef, useState, type ReactNode } from "react";

export interface MenuItem {
  id: string;
  label: ReactNode;
  run: () => void;
  danger?: boolean;
  testid?: string;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  children: ReactNode;
  className?: string;
  testid?: string;
  up?: boolean;
  left?: boolean;
}

// Menu is a button with a list below (or above) it. Arrow keys move, Escape closes and gives the focus back.
export function Menu({ label, items, children, className = "", testid, up, left }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const id = useId();
  useOutside(root, open, () => setOpen(false));
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    root.current?.querySelector("[role=menu]")?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const close = () => {
    setOpen(false);
    root.current?.querySelector("button")?.focus();
  };
  return (
    <span className="menu" ref={root} onKeyDown={(event) => open && moveInMenu(event, root.current, close)}>
      <button
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        data-testid={testid}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <ul className={`menu-list${up ? " menu-up" : ""}${left ? " menu-left" : ""}`} role="menu" id={id} aria-label={label}>
          {items.map((item) => (
            <li key={item.id} role="none">
              <button
                type="button"
                role="menuitem"
                tabIndex={-1}
                className={item.danger ? "danger" : ""}
                data-testid={item.testid}
                onClick={() => {
                  close();
                  item.run();
                }}
              >
                {item.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </span>
  );
}

function moveInMenu(event: React.KeyboardEvent, root: HTMLElement | null, close: () => void) {
  const items = [...(root?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const go = (to: number) => items[(to + items.length) % items.length]?.focus();
  const keys: Record<string, () => void> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    Home: () => go(0),
    End: () => go(items.length - 1),
    Escape: close,
    Tab: close,
  };
  const act = keys[event.key];
  if (!act) return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
  act();
}

function useOutside(root: React.RefObject<HTMLElement | null>, on: boolean, leave: () => void) {
  useEffect(() => {
    if (!on) return;
    const press = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) leave();
    };
    document.addEventListener("pointerdown", press);
    return () => document.removeEventListener("pointerdown", press);
  });
}
