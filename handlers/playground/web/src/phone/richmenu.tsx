import { useSection } from "../live";
import { useSay } from "../texts";
import { Icon, type IconName } from "../ui/icons";
import type { RichMenu } from "../wire";
import { labelOf, useAct } from "./act";

const signs: IconName[] = ["idea", "talk", "list", "help", "home", "file"];

// RichMenuArea lays the areas of the rich menu out by their own bounds, over its image when there is one.
export function RichMenuArea() {
  const say = useSay();
  const act = useAct();
  const menu = useSection("richMenu");
  if (!menu) return null;
  const { width, height } = extent(menu);
  const share = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return (
    <nav className="rich" aria-label={menu.chatBarText ?? say("phone.rich")} style={{ aspectRatio: `${width} / ${Math.min(height, width * 0.5)}` }} data-testid="rich-menu">
      {menu.image_url && <img src={menu.image_url} alt="" />}
      {menu.areas.map((area, i) => (
        <button
          key={i}
          type="button"
          className={menu.image_url ? "rich-area rich-clear" : `rich-area rich-tile rich-${i % 4}`}
          style={{
            left: share(area.bounds.x, width),
            top: share(area.bounds.y, height),
            width: share(area.bounds.width, width),
            height: share(area.bounds.height, height),
          }}
          data-testid={`rich-menu-area-${i}`}
          onClick={() => act(area.action)}
        >
          <span className={menu.image_url ? "hidden" : "rich-tile-face"}>
            {!menu.image_url && <Icon name={signs[i % signs.length] ?? "talk"} size={26} />}
            <span>{labelOf(area.action)}</span>
          </span>
        </button>
      ))}
    </nav>
  );
}

function extent(menu: RichMenu) {
  if (menu.size) return menu.size;
  const edges = menu.areas.map((area) => area.bounds);
  return {
    width: Math.max(1, ...edges.map((edge) => edge.x + edge.width)),
    height: Math.max(1, ...edges.map((edge) => edge.y + edge.height)),
  };
}
