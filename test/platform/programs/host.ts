// Opens the embedded database of a directory, commits a row now and then, and waits to be killed.

import { connect } from "@accrete/db/kernel/database.ts";
import { openEmbedded } from "@accrete/db/kernel/embedded.ts";

const [dataDirectory = "", manner] = process.argv.slice(2);

try {
  const embedded = await openEmbedded({
    dataDirectory,
    manner: manner === "share" ? "share" : "alone",
    onNotice: (line) => console.log(line),
  });
  const { sql } = connect(embedded.owner, { connectionsMax: 1 });
  // Two at once would both make the table, `if not exists` or not.
  await sql`select pg_advisory_lock(1)`;
  await sql`create table if not exists rows_kept (n int)`;
  await sql`select pg_advisory_unlock(1)`;
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  console.log(`${embedded.part} backend ${row?.pid}`);
  for (let n = 1; ; n += 1) {
    await sql`insert into rows_kept values (${n})`;
    console.log(`committed ${n}.`);
  }
} catch (error) {
  console.log(`refused: ${(error as Error).message}`);
  process.exitCode = 1;
}
