import { useSection } from "../live";
import { kindOf, type Kind } from "./states";

// useCounts counts all deliveries there are, of which the page is sent only the newest.
export function useCounts(): Record<Kind, number> {
  const deliveries = useSection("deliveries");
  const counted = useSection("deliveryCounts");
  const counts: Record<Kind, number> = { waiting: 0, done: 0, dead: 0 };
  if (counted) for (const [state, n] of Object.entries(counted)) counts[kindOf(state)] += n;
  else for (const one of deliveries) counts[kindOf(one.state)]++;
  return counts;
}
