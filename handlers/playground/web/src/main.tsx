import { createRoot } from "react-dom/client";
import { App } from "./app";
import { ChoiceProvider } from "./choice";
import "./css/all.css";
import { live } from "./live";
import { StoryProvider } from "./record/usestory";
import { TextsProvider } from "./texts";
import { ToastProvider } from "./ui/toast";

live.start();
createRoot(document.getElementById("page")!).render(
  <TextsProvider>
    <ToastProvider>
      <ChoiceProvider>
        <StoryProvider>
          <App />
        </StoryProvider>
      </ChoiceProvider>
    </ToastProvider>
  </TextsProvider>,
);
