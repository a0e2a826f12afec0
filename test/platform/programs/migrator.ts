// Migrates the database whose address is given, and says so.

import type { DatabaseAddress } from "@accrete/db/kernel/database.ts";
import { migrate } from "@accrete/db/kernel/migrate.ts";

const owner = JSON.parse(process.argv[2] ?? "") as DatabaseAddress;
const { appliedCount } = await migrate(owner, null);
console.log(`applied ${appliedCount}`);
