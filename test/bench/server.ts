// The product's server in a process of its own, on the benchmark's books: what is asked over HTTP must not share the asker's processor
// time. Takes the books' address from its parent and prints where it listens.

import { startServer } from "@accrete/api/server.ts";
import { readSettings } from "@accrete/api/settings.ts";
import { connect, type DatabaseAddress } from "@accrete/db/kernel/database.ts";

/** Longer than production's: a question that it would refuse is measured all the same, as the hand's is. */
const statementTimeoutMs = 60_000;

process.once("message", (address: DatabaseAddress) => {
  void serve(address);
});
// A parent that died has no other way to say so.
process.once("disconnect", () => process.exit(0));

async function serve(address: DatabaseAddress): Promise<void> {
  const database = connect(address, { applicationName: "accrete bench server" });
  const server = await startServer({
    database,
    settings: readSettings({ PORT: "0", ACCRETE_GRAPHIQL: "off" }),
    graphiql: {},
    graphql: { statementTimeoutMs },
  });
  process.send?.(server.url);
}
