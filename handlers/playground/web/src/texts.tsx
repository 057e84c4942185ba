import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import en from "../texts/en.json";
import ja from "../texts/ja.json";

export type Lang = "ja" | "en";
export type Key = keyof typeof ja;
export type Say = (key: Key, args?: Record<string, string | number>) => string;

const catalogues: Record<Lang, Record<Key, string>> = { ja, en };
const Texts = createContext<{ lang: Lang; say: Say; setLang: (lang: Lang) => void } | null>(null);

// TextsProvider gives the page its words in the language chosen, Japanese at first.
export function TextsProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(() => (remembered() === "en" ? "en" : "ja"));
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = catalogues[lang]["page.title"];
    remember(lang);
  }, [lang]);
  const value = useMemo(() => ({ lang, setLang, say: sayIn(lang) }), [lang]);
  return <Texts.Provider value={value}>{children}</Texts.Provider>;
}

export function useTexts() {
  const texts = useContext(Texts);
  if (!texts) throw new Error("useTexts outside TextsProvider");
  return texts;
}

export const useSay = () => useTexts().say;

// known tells whether there is a text for a word that came over the wire.
export function known(key: string): key is Key {
  return key in ja;
}

function sayIn(lang: Lang): Say {
  return (key, args = {}) =>
    catalogues[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));
}

function remembered(): string | null {
  try {
    return localStorage.getItem("tsunagi.lang");
  } catch {
    return null;
  }
}

function remember(lang: Lang) {
  try {
    localStorage.setItem("tsunagi.lang", lang);
  } catch {
    // A browser that keeps nothing still speaks; it asks again next time.
  }
}
