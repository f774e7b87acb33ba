// What Jupyter shows for a name (Shift+Tab): its type and its documentation.
import type { Converter } from "tslab/dist/converter.js";

type Inspection = ReturnType<Converter["inspect"]>;

/** The inspection with the name of each tag. tslab prints the text of the tags one after the other without it. */
export function withTagNames(found: Inspection): Inspection {
  if (!found) return found;
  const tags = found.tags?.map((tag) => {
    const words = (tag.text ?? []).filter(({ kind }) => kind !== "link").map(({ text }) => text);
    // The first word after @see is read as a name, which is printed with a space behind it.
    const text = words.join("").replace(/ (?=[,.;])/g, "");
    // tslab itself adds @param.
    const line = tag.name === "param" ? text : `@${tag.name}${text.includes("\n") ? "\n" : " "}${text}`;
    return { ...tag, text: [{ kind: "text", text: line }] };
  });
  return { ...found, tags };
}
