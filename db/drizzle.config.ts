// Where drizzle-kit finds the tables, and where it writes the migrations.

import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./db/*/table.ts",
  out: "./db/migrations",
});
