// What in the facts would make the numbers wrong or less telling, though every row was right when it came: suspicions, not faults.

import type { Tx } from "../kernel/database.ts";
import { addDays } from "../kernel/dates.ts";
import { badInput } from "../kernel/errors.ts";
import { findAccountSuspicions } from "./quality-accounts.ts";
import { type QualityCheck, type QualityQuestion, qualityCodes } from "./quality-codes.ts";
import { findFactSuspicions } from "./quality-facts.ts";

const daysDefault = 365;

/** Every check, in the order of codes, with its findings; 0 where nothing is suspected. BAD_USER_INPUT (field `window`) for an empty one. */
export async function askQuality(tx: Tx, question: QualityQuestion): Promise<readonly QualityCheck[]> {
  const { known } = question;
  const untilOn = addDays(known.on, 1);
  const window = question.window ?? { fromOn: addDays(untilOn, -daysDefault), untilOn };
  if (window.untilOn <= window.fromOn) badInput("window", "The window is empty: 'untilOn' is the day after its last.");
  const found = [...(await findAccountSuspicions(tx, known)), ...(await findFactSuspicions(tx, { window, known }))];
  return qualityCodes.map((code) => found.find((check) => check.code === code) ?? { code, count: 0, findings: [] });
}
