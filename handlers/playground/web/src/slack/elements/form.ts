import { createContext, useContext } from "react";
import type { Element, ElementState, State } from "../../wire";

// Form is what the interactive elements of one message, modal or Home share: their state and where presses go.
export interface Form {
  state: State;
  errors: Record<string, string>;
  busy: string;
  set: (block: string, action: string, state: ElementState) => void;
  press: (block: string, element: Element, state: ElementState) => void;
}

const Forms = createContext<Form | null>(null);

export const FormProvider = Forms.Provider;

export function useForm(): Form {
  const form = useContext(Forms);
  if (!form) throw new Error("useForm outside FormProvider");
  return form;
}

// Place is where an element stands; every element takes the same.
export interface Place {
  element: Element;
  block: string;
  state: ElementState;
  id: string;
  invalid: boolean;
  describedBy?: string;
  change: (state: ElementState) => void;
}

export const placeholder = (element: Element): string => String(element.placeholder?.text ?? "");
