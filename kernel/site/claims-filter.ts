// The only script of the pages: hides claims that do not match. It is JavaScript that runs without
// compilation.

/** Words match anywhere in a row, in any order and case; a verdict matches its own rows. */
export const claimsFilter = `
(() => {
  const panel = document.querySelector("#claims .filter");
  const rows = [...document.querySelectorAll("#claims tbody tr")];
  const [text, status] = [panel.querySelector("[type=search]"), panel.querySelector("[role=status]")];
  const show = () => {
    const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const verdict = panel.querySelector(":checked").value;
    let shown = 0;
    for (const row of rows) {
      const content = row.textContent.toLowerCase();
      const matches = (verdict === "" || row.dataset.verdict === verdict) && words.every((word) => content.includes(word));
      row.hidden = !matches;
      if (matches) shown++;
    }
    status.textContent = shown === rows.length ? "" : shown + " of " + rows.length + " shown";
  };
  panel.hidden = false;
  panel.addEventListener("input", show);
  show();
})();
`;
