import { createContext, useContext } from "react";
import type { LineAction } from "../wire";

// Act does what a press on something with a LINE action does on a phone.
// https://developers.line.biz/en/reference/messaging-api/#action-objects
export type Act = (action: LineAction) => void;

const Acting = createContext<Act>(() => {});

export const ActProvider = Acting.Provider;
export const useAct = () => useContext(Acting);

export const labelOf = (action: LineAction | undefined): string =>
  String(action?.label ?? action?.displayText ?? action?.text ?? action?.uri ?? "");
