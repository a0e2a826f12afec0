// Every link in the docs leads somewhere, and every page that the code names is there.

import { dirname, posix } from "node:path";
import { expect, it } from "vitest";
import { files, findings, sources, textOf } from "./tree.ts";

const pages = files.filter((path) => path.endsWith(".md"));

/** The anchors of a page, as the usual hosts make them of its headings. */
function anchorsOf(page: string): Set<string> {
  const text = textOf(page).replace(/^```[\s\S]*?^```/gm, "");
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading);
  const marks = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = ""]) => id);
  const slug = (heading: string) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .trim()
      .replaceAll(" ", "-");
  return new Set([...headings.map(slug), ...marks]);
}

function brokenLink(from: string, target: string): string | null {
  const [path = "", anchor] = target.split("#");
  const page = path === "" ? from : posix.join(dirname(from), path);
  const isFolder = files.some((file) => file.startsWith(`${page.replace(/\/$/, "")}/`));
  if (!files.includes(page) && !isFolder) return `${from}: ${target} is not there`;
  if (anchor && page.endsWith(".md") && !anchorsOf(page).has(anchor)) return `${from}: ${target} has no such heading`;
  return null;
}

it("every link of a page resolves, to a file and to its heading", () => {
  const broken = pages.flatMap((page) => {
    const text = textOf(page).replace(/^```[\s\S]*?^```/gm, "");
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^(https?|mailto):/.test(target))
      .map((target) => brokenLink(page, target));
  });
  expect(broken.filter((link) => link !== null)).toEqual([]);
});

it("every page of docs/ that the code names is there", () => {
  const named = [...sources, "schema/schema.graphql"].flatMap((path) =>
    findings(path, textOf(path), /\bdocs\/[\w-]+\.md/, "names"),
  );
  expect(named.filter((finding) => !files.includes(finding.split(": names: ")[1] ?? ""))).toEqual([]);
});

it("a page has one title, and every fence names its language", () => {
  const untitled = pages.filter((page) => {
    const text = textOf(page).replace(/^```[\s\S]*?^```/gm, "");
    return [...text.matchAll(/^# /gm)].length !== 1;
  });
  const unnamed = pages.flatMap((page) => {
    const fences = textOf(page).match(/^```.*$/gm) ?? [];
    return fences.some((fence, index) => index % 2 === 0 && fence === "```")
      ? [`${page}: a fence without a language`]
      : [];
  });
  expect([...untitled.map((page) => `${page}: not one title`), ...unnamed]).toEqual([]);
});
