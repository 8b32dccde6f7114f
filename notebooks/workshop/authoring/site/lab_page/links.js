/** A notebook links to its lesson and to the next notebook as files of the clone. Here the site beside JupyterLite has
 *  the lesson, as a page. The single-document app opens the next notebook in a tab of its own: it has no list of files.
 */
const PAGE = /\/lab\/files\/((?:lessons|solutions)\/[\w/]+?)(?:\/README)?\.md(#.*)?$/;
const NOTEBOOK = /\/lab\/files\/(\w+\.ipynb)$/;

document.addEventListener(
  "click",
  (event) => {
    const there = address(event.target.closest?.("a")?.href ?? "");
    if (!there) return;
    event.preventDefault();
    event.stopPropagation();
    open(there);
  },
  { capture: true },
);

function address(href) {
  const [, page, heading] = PAGE.exec(href) ?? [];
  if (page) return `../../${page}/${heading ?? ""}`;
  const [, notebook] = NOTEBOOK.exec(href) ?? [];
  return notebook && location.pathname.includes("/lab/notebooks/") && `index.html?path=${notebook}`;
}
