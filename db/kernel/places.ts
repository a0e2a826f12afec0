// Where the embedded server's files lie, and as whom it runs. PostgreSQL refuses to run as root, so root hands it to the user nobody,
// who must be able to walk to the folder: under a 0700 home it cannot, and the folder then lies in the temp folder instead.

import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type RunAs, serverUser } from "./binaries.ts";
import { OperatorError } from "./operator.ts";

export type ClusterPlace = {
  /** The folder that holds the data directory, the socket and the log. */
  readonly directory: string;
  readonly runAs: RunAs | null;
  /** What the operator should know about the choice; null when it is the folder asked for. */
  readonly notice: string | null;
};

/** Makes the data directory, and chooses where in it (or for root, in its stead) the server's files lie. */
export async function placeCluster(dataDirectory: string): Promise<ClusterPlace> {
  const nobody = serverUser();
  await makeFolder(dataDirectory, nobody ? 0o711 : 0o700);
  const directory = await realpath(dataDirectory);
  if (!nobody) return { directory, runAs: null, notice: null };
  // Books that an ordinary user began stay that user's.
  const madeBy = await stat(join(directory, "postgres")).catch(() => null);
  const runAs = madeBy && madeBy.uid !== 0 ? { uid: madeBy.uid, gid: madeBy.gid } : nobody;
  if (await canReach(directory, runAs)) return { directory, runAs, notice: null };

  const stable = createHash("sha256").update(directory).digest("hex").slice(0, 12);
  const stead = join(await realpath(tmpdir()), `accrete-data-${stable}`);
  await makeFolder(stead, 0o711);
  const { uid } = await lstat(stead);
  if (uid !== 0 || !(await canReach(stead, nobody))) {
    throw new OperatorError(
      `PostgreSQL cannot run as root, and the user nobody cannot reach ${directory} or ${stead}: run as an ordinary user, or set ACCRETE_DATA_DIR to a folder that everybody may enter`,
    );
  }
  const notice = `PostgreSQL cannot run as root, and the user nobody cannot reach ${directory}: the books are kept in ${stead}`;
  return { directory: stead, runAs: nobody, notice };
}

async function makeFolder(folder: string, mode: number): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await chmod(folder, mode);
}

/** Whether the user may enter the folder and each one above it. */
async function canReach(folder: string, user: RunAs): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  const above = dirname(folder);
  return (mode & bit) !== 0 && (above === folder || canReach(above, user));
}
