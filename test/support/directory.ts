// A folder of its own for a test or a whole file, gone afterwards. Open to be walked through: PostgreSQL may have to run as another user.

import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

/** `for the file` is asked for in beforeAll. */
export async function temporaryDirectory(life: "for the test" | "for the file" = "for the test"): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), "accrete-files-")));
  await chmod(directory, 0o711);
  const remove = () => rm(directory, { recursive: true, force: true });
  if (life === "for the test") onTestFinished(remove);
  else afterAll(remove);
  return directory;
}
