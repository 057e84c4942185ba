import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";
import type { Refusal } from "../post";
import { known, useSay } from "../texts";
import { Icon } from "./icons";

interface Toast {
  id: number;
  text: string;
}

const Toasts = createContext<(text: string) => void>(() => {});

// ToastProvider shows refusals in words at the foot of the page, for eight seconds or until they are put away.
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(1);
  const say = useSay();
  const drop = (id: number) => setToasts((now) => now.filter((toast) => toast.id !== id));
  const add = useCallback((text: string) => {
    const id = next.current++;
    setToasts((now) => [...now.filter((toast) => toast.text !== text).slice(-2), { id, text }]);
    window.setTimeout(() => drop(id), 8000);
  }, []);
  return (
    <Toasts.Provider value={add}>
      {children}
      <div className="toasts" role="alert">
        {toasts.map((toast) => (
          <div className="toast" key={toast.id} data-testid="toast">
            <Icon name="alert" size={18} />
            <span>{toast.text}</span>
            <button type="button" aria-label={say("close")} onClick={() => drop(toast.id)}>
              <Icon name="close" size={16} />
            </button>
          </div>
        ))}
      </div>
    </Toasts.Provider>
  );
}

export const useToast = () => useContext(Toasts);

// useAsk sends something, says it plainly when that was refused, and tells whether it was accepted.
export function useAsk() {
  const toast = useToast();
  const say = useSay();
  return useCallback(
    async (asked: Promise<Refusal>): Promise<boolean> => {
      const refused = await asked;
      if (!refused) return true;
      const key = `refused.${refused.error}`;
      toast(known(key) ? say(key, { why: refused.why ?? "" }) : refused.error);
      return false;
    },
    [toast, say],
  );
}
