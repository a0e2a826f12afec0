// Every dependency has one exact version, and the workspaces depend only downward.

import { expect, it } from "vitest";
import { rooms } from "./features.ts";
import { files, textOf } from "./tree.ts";

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
};

const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const manifests = files
  .filter((path) => /(^|\/)package\.json$/.test(path))
  .map((path) => ({ path, manifest: JSON.parse(textOf(path)) as Manifest }));

function dependenciesOf({ dependencies, devDependencies, optionalDependencies }: Manifest): [string, string][] {
  return [dependencies, devDependencies, optionalDependencies].flatMap((list) => Object.entries(list ?? {}));
}

it("each version in a package.json is exact, from the catalog, or a workspace", () => {
  const loose = manifests.flatMap(({ path, manifest }) =>
    dependenciesOf(manifest)
      .filter(
        ([name, version]) =>
          !exact.test(version) && version !== (name.startsWith("@accrete/") ? "workspace:*" : "catalog:"),
      )
      .map(([name, version]) => `${path}: ${name} ${version}`),
  );
  expect(loose).toEqual([]);
});

it("each version in the workspace's catalog and overrides is exact", () => {
  const lines = textOf("pnpm-workspace.yaml").split("\n");
  const versions = lines.flatMap((line) => /^ {2}("?[@\w/-]+"?): (\d.*)$/.exec(line)?.slice(1, 3).join(" ") ?? []);
  expect(versions.length).toBeGreaterThan(5);
  expect(versions.filter((entry) => !exact.test(entry.split(" ")[1] ?? ""))).toEqual([]);
});

it("one package has one version in all of the workspace", () => {
  const versions = new Map<string, Set<string>>();
  for (const { manifest } of manifests) {
    for (const [name, version] of dependenciesOf(manifest))
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  expect(
    [...versions].filter(([, found]) => found.size > 1).map(([name, found]) => `${name}: ${[...found].join(", ")}`),
  ).toEqual([]);
});

it("the workspaces depend on those below them, and the SDK on nothing", () => {
  const wrong = manifests.flatMap(({ manifest }) => {
    const room = /^@accrete\/(\w+)$/.exec(manifest.name)?.[1];
    if (room === undefined) return [];
    return dependenciesOf(manifest)
      .map(([name]) => name)
      .filter((name) =>
        name.startsWith("@accrete/") ? !rooms[room]?.includes(name.slice("@accrete/".length)) : room === "sdk",
      )
      .map((name) => `${room} depends on ${name}`);
  });
  expect(wrong).toEqual([]);
});

it("the packages share one version", () => {
  expect([...new Set(manifests.map(({ manifest }) => manifest.version))]).toHaveLength(1);
});
