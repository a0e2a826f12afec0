// Arrows only go downward: between the rooms, between the features, and never in a circle.

import { describe, expect, it } from "vitest";
import { commonGround, featureOf, isBelow, isFeature, rooms } from "./features.ts";
import { files, importsOf, sources } from "./tree.ts";

const roomOf = (path: string) => path.split("/")[0] ?? "";
const inRooms = sources.filter((path) => roomOf(path) in rooms);

describe("the rooms", () => {
  it("import only the rooms below them", () => {
    const violations = inRooms.flatMap((path) =>
      importsOf(path)
        .filter(({ target }) => target !== null && roomOf(target) !== roomOf(path))
        .filter(({ target }) => !rooms[roomOf(path)]?.includes(roomOf(target ?? "")))
        // What runs a tool over the whole tree starts at the root.
        .filter(({ target }) => !(roomOf(path) === "test" && target === "codegen.ts"))
        .map(({ specifier }) => `${path} imports ${specifier}: ${roomOf(path)} stands below or beside it`),
    );
    expect(violations).toEqual([]);
  });

  it("import files of ours that exist, with their extension", () => {
    const violations = inRooms.flatMap((path) =>
      importsOf(path)
        .filter(({ target }) => target !== null && !files.includes(target) && !target.includes("/generated/"))
        // What a browser loads is served under that name, not kept.
        .filter(({ target }) => target !== "api/graphiql/graphiql.js")
        .map(({ specifier }) => `${path} imports ${specifier}, which is no file`),
    );
    expect(violations).toEqual([]);
  });

  it("reach each other by package name, and their own files by relative path", () => {
    const violations = inRooms.flatMap((path) =>
      importsOf(path)
        .filter(({ target }) => target !== null)
        .filter(({ specifier, target }) => specifier.startsWith(".") !== (roomOf(target ?? "") === roomOf(path)))
        // What runs before anything is installed finds no package; the SDK exports its index only, its inner files are tested by path.
        .filter(() => !path.endsWith(".mjs"))
        .filter(({ target }) => !(roomOf(path) === "test" && ["sdk", "codegen.ts"].includes(roomOf(target ?? ""))))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(violations).toEqual([]);
  });

  it("leave drizzle and the driver to db", () => {
    const violations = inRooms
      .filter((path) => roomOf(path) !== "db")
      .flatMap((path) =>
        importsOf(path)
          .filter(({ specifier }) => /^(drizzle-|postgres$|postgres\/|pg$|@electric-sql)/.test(specifier))
          .map(({ specifier }) => `${path} imports ${specifier}`),
      );
    expect(violations).toEqual([]);
  });
});

describe("the features", () => {
  it("import only features that stand before them in the list", () => {
    const violations = sources
      .filter((path) => /^(db|schema)\//.test(path))
      .flatMap((path) => {
        const feature = featureOf(path);
        return importsOf(path).flatMap(({ target, specifier }) => {
          const other = target === null ? null : featureOf(target);
          return feature && other && isBelow(feature, other)
            ? [`${path} (${feature}) imports ${specifier} (${other})`]
            : [];
        });
      });
    expect(violations).toEqual([]);
  });

  it("stand on schema's common ground, which knows none of them", () => {
    const ground: readonly string[] = commonGround.schema.map((name) => `schema/${name}.ts`);
    const violations = ground
      .filter((path) => files.includes(path))
      .flatMap((path) =>
        importsOf(path)
          .filter(({ target }) => target?.startsWith("schema/") && !ground.includes(target))
          .map(({ specifier }) => `${path} imports ${specifier}`),
      );
    expect(violations).toEqual([]);
  });
});

describe("the imports", () => {
  it("never go in a circle", () => {
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): void => {
      const start = trail.indexOf(path);
      if (start >= 0) cycles.push([...trail.slice(start), path].join(" → "));
      if (start >= 0 || done.has(path)) return;
      for (const { target } of importsOf(path)) if (target && sources.includes(target)) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const path of inRooms) visit(path, []);
    expect(cycles).toEqual([]);
  });
});

describe("the path rule", () => {
  it("gives each feature one folder in db", () => {
    const folders = [
      ...new Set(files.filter((path) => /^db\/\w+\//.test(path)).map((path) => path.split("/")[1] ?? "")),
    ];
    expect(folders.filter((name) => !isFeature(name) && name !== "migrations")).toEqual([]);
    expect(files.filter((path) => /^db\/[^/]+\.(ts|sql)$/.test(path))).toEqual(["db/drizzle.config.ts"]);
    expect(files.filter((path) => /^db\/[^/]+\/[^/]+\//.test(path) && !path.startsWith("db/migrations/"))).toEqual([]);
  });

  it("gives each feature one file of its name in schema and in the SDK's operations and resources", () => {
    const allowed: readonly string[] = [...commonGround.schema, ...commonGround.assembly];
    const strays = files
      .map((path) => /^(?:schema|sdk\/operations|sdk\/resources)\/([\w-]+)\.(?:ts|graphql)$/.exec(path))
      .filter((match) => match !== null)
      // A feature that is too long for one file has parts: movements-filter.ts.
      .filter(([path, name = ""]) => !isFeature(name.split("-")[0] ?? "") && path !== "schema/schema.graphql")
      .filter(([path, name = ""]) => !(path.startsWith("schema/") && allowed.includes(name)))
      .map(([path]) => `${path}: no feature has this name`);
    expect(strays).toEqual([]);
  });

  it("has nothing at the top that belongs to no room", () => {
    const top = [...new Set(files.map((path) => path.split("/")[0]))];
    const beside = [
      ".ci",
      ".github",
      ".gitignore",
      "CHANGELOG.md",
      "README.md",
      "biome.json",
      "codegen.ts",
      "docs",
      "package.json",
      "pnpm-lock.yaml",
      "pnpm-workspace.yaml",
      "tsconfig.json",
    ];
    expect(top.filter((name = "") => !(name in rooms) && !beside.includes(name))).toEqual([]);
  });
});
