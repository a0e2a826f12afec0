// The classes of errors cover the server's table of codes.

import { errorCodes } from "@accrete/db/kernel/errors.ts";
import * as sdk from "@accrete/sdk";
import { describe, expect, it } from "vitest";
import { classOfCode, classOfStatus } from "../../sdk/errors.ts";

describe("the error classes", () => {
  it("cover exactly the codes of the server", () => {
    expect(Object.keys(sdk.ErrorCode).sort()).toEqual(Object.keys(errorCodes).sort());
    expect(Object.keys(errorCodes).filter((code) => classOfCode(code) === null)).toEqual([]);
  });

  it.each(Object.entries(errorCodes))("class %s as its HTTP status does, where that says enough", (code, entry) => {
    const [StatusClass] = classOfStatus(entry.status);
    // 400, 404, 409 and the like say too little by themselves; a 504 of ours is a timeout, of a proxy an outage.
    const tells = [401, 403, 413, 429, 500, 503].includes(entry.status);
    expect(classOfCode(code) === StatusClass).toBe(tells);
  });

  it("are all exported, and name themselves", () => {
    const classes = Object.entries(sdk).filter(([name]) => name.endsWith("Error"));
    expect(classes.length).toBeGreaterThan(10);
    for (const [name, Class] of classes) {
      const error = new (Class as typeof sdk.AccreteError)("said", { code: "INTERNAL" });
      expect([error.name, error instanceof sdk.AccreteError, String(error)]).toEqual([name, true, `${name}: said`]);
    }
  });
});
