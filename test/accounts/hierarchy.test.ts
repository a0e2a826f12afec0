// Who heads whose group on which day, by hand.

import { Hierarchy, levelsMax, type ParentLink } from "@accrete/db/accounts/hierarchy.ts";
import { describe, expect, it } from "vitest";

const link = (
  accountId: string,
  parentId: string,
  fromOn = "1990-01-01",
  untilOn: string | null = null,
): ParentLink => ({
  accountId,
  parentId,
  fromOn,
  untilOn,
});

const nobody = new Map<string, string>();

describe("a hierarchy", () => {
  it("knows each account's parent, path and top on a day, the last day of a link being the day before its end", () => {
    const groups = new Hierarchy(
      [link("branch", "daughter"), link("daughter", "mother", "2025-01-01", "2025-07-01")],
      nobody,
    );
    expect(groups.pathOn("branch", "2024-12-31")).toEqual(["branch", "daughter"]);
    expect(groups.pathOn("branch", "2025-01-01")).toEqual(["branch", "daughter", "mother"]);
    expect(groups.topOn("branch", "2025-06-30")).toBe("mother");
    expect(groups.topOn("branch", "2025-07-01")).toBe("daughter");
    expect(groups.topOn("mother", "2025-07-01")).toBe("mother");
    expect(groups.parentOn("daughter", "2025-07-01")).toBeNull();
  });

  it("tells every top of an account without gaps, also when it is a parent far above that moves", () => {
    const groups = new Hierarchy(
      [
        link("branch", "daughter", "2024-01-01"),
        link("daughter", "mother", "2025-01-01", "2025-07-01"),
        link("daughter", "other", "2025-07-01"),
      ],
      nobody,
    );
    expect(groups.topsOf("branch")).toEqual([
      { topId: "branch", fromOn: "1990-01-01", untilOn: "2024-01-01" },
      { topId: "daughter", fromOn: "2024-01-01", untilOn: "2025-01-01" },
      { topId: "mother", fromOn: "2025-01-01", untilOn: "2025-07-01" },
      { topId: "other", fromOn: "2025-07-01", untilOn: null },
    ]);
    expect(groups.changeDays(["branch", "daughter", "mother"])).toEqual(["2024-01-01", "2025-01-01", "2025-07-01"]);
  });

  it("calls a change of parent below the same top no change of top", () => {
    const groups = new Hierarchy(
      [
        link("east", "top"),
        link("west", "top"),
        link("shop", "east", "2024-01-01", "2025-01-01"),
        link("shop", "west", "2025-01-01"),
      ],
      nobody,
    );
    expect(groups.changeDays(["shop"])).toEqual(["2024-01-01"]);
  });
});

describe("merged accounts in a hierarchy", () => {
  it("stand where their survivor stands, with links to and of them being the survivor's", () => {
    const groups = new Hierarchy([link("child", "twin"), link("twin", "mother")], new Map([["twin", "survivor"]]));
    expect(groups.pathOn("child", "2025-01-01")).toEqual(["child", "survivor", "mother"]);
    expect(groups.topOn("twin", "2025-01-01")).toBe("mother");
    expect(groups.parentOn("survivor", "2025-01-01")).toBe("mother");
  });

  it("leave the survivor's own parent alone on the days on which it has one, and fill the others", () => {
    const groups = new Hierarchy(
      [link("twin", "a"), link("survivor", "b", "2025-01-01", "2025-07-01")],
      new Map([["twin", "survivor"]]),
    );
    expect(groups.topsOf("survivor")).toEqual([
      { topId: "a", fromOn: "1990-01-01", untilOn: "2025-01-01" },
      { topId: "b", fromOn: "2025-01-01", untilOn: "2025-07-01" },
      { topId: "a", fromOn: "2025-07-01", untilOn: null },
    ]);
  });

  it("are no longer below an account that they are themselves", () => {
    const groups = new Hierarchy(
      [link("daughter", "mother"), link("mother", "top")],
      new Map([["daughter", "mother"]]),
    );
    expect(groups.pathOn("daughter", "2025-01-01")).toEqual(["mother", "top"]);
    expect(groups.listFaults()).toEqual([]);
  });
});

describe("a hierarchy that cannot be", () => {
  it("has a ring on some day, named with the first one", () => {
    const ring = [
      link("a", "b", "2025-01-01"),
      link("b", "c", "2024-01-01"),
      link("c", "a", "2025-03-01", "2025-04-01"),
    ];
    expect(new Hierarchy(ring, nobody).listFaults()[0]).toMatchObject({ kind: "CYCLE", on: "2025-03-01" });
  });

  it("is none when the links of a ring never hold on one day", () => {
    const turn = [link("a", "b", "2024-01-01", "2025-01-01"), link("b", "a", "2025-01-01")];
    expect(new Hierarchy(turn, nobody).listFaults()).toEqual([]);
  });

  it("is a ring that only a merge closes", () => {
    const chain = [link("a", "b"), link("b", "c")];
    expect(new Hierarchy(chain, new Map([["a", "c"]])).listFaults()[0]).toMatchObject({ kind: "CYCLE" });
  });

  it("has ten levels with its top, and not eleven", () => {
    const chain = (levels: number) =>
      Array.from({ length: levels - 1 }, (_, index) => link(`a${index}`, `a${index + 1}`, "2025-01-01"));
    expect(new Hierarchy(chain(levelsMax), nobody).listFaults()).toEqual([]);
    expect(new Hierarchy(chain(levelsMax + 1), nobody).listFaults()).toMatchObject([
      { kind: "TOO_DEEP", accountId: "a0", on: "2025-01-01" },
    ]);
  });
});
