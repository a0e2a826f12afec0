#!/usr/bin/env node
// The command `accrete`: installs what is missing, then runs api/cli.ts in this very process, so that signals reach it.

import { ensureInstalled } from "./install.mjs";

ensureInstalled();
const { register } = await import("tsx/esm/api");
register();
const { runCli } = await import("../cli.ts");
process.exitCode = await runCli(process.argv.slice(2));
