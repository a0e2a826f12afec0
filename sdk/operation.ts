// What kind of operation a document holds: only reads are safe to send again.

/** Comments, block strings and strings: what may hold braces and words that are no part of the document's structure. */
const opaque = /#[^\n\r]*|"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"/g;

/** Whether a document only asks: it has no mutation and no subscription among its operations. */
export function isRead(document: string): boolean {
  let depth = 0;
  for (const [token] of document.replace(opaque, " ").matchAll(/[{}()[\]]|[_A-Za-z]\w*/g)) {
    if ("{([".includes(token)) depth++;
    else if ("})]".includes(token)) depth--;
    else if (depth === 0 && (token === "mutation" || token === "subscription")) return false;
  }
  return true;
}
