/** A notebook links to its lesson as a file of the clone. Here the site beside JupyterLite has it, as a page. */
document.addEventListener(
  "click",
  (event) => {
    const href = event.target.closest?.("a")?.href ?? "";
    const [, page, heading] = /\/lab\/files\/((?:lessons|solutions)\/[\w/]+?)(?:\/README)?\.md(#.*)?$/.exec(href) ?? [];
    if (!page) return;
    event.preventDefault();
    event.stopPropagation();
    open(`../../${page}/${heading ?? ""}`);
  },
  { capture: true },
);
