// How a command's failure is told: one line for what an operator can mend, everything for what is ours.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { OperatorError } from "@accrete/db/kernel/operator.ts";

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host name cannot be looked up",
  EHOSTUNREACH: "no way to the host",
  ENETUNREACH: "no way to the host",
  ETIMEDOUT: "no answer",
  CONNECT_TIMEOUT: "no answer",
  ECONNRESET: "the connection was cut",
  CONNECTION_CLOSED: "the connection was cut",
  CONNECTION_ENDED: "the connection was cut",
  CONNECTION_DESTROYED: "the connection was cut",
  "57P01": "it is shutting down",
  "57P03": "it is starting up or shutting down",
  "53300": "it has no connection left",
  "28P01": "it refuses the user or the password",
  "28000": "it refuses the user",
  "3D000": "it has no such database",
};

/** The text for standard error: one line, or for a fault of ours the stack that a report needs. */
export function failureOf(error: unknown): string {
  return `accrete: ${lineOf(error) ?? `a fault of ours; please report it: ${error instanceof Error ? error.stack : String(error)}`}`;
}

function lineOf(error: unknown): string | null {
  if (error instanceof OperatorError || error instanceof AccreteError) return error.message;
  const { code, address, hostname, port, syscall } = error as {
    code?: string;
    address?: string;
    hostname?: string;
    port?: number;
    syscall?: string;
  };
  // A socket that is not there is a database that nobody runs.
  const reason = code === "ENOENT" && syscall === "connect" ? unreachable.ECONNREFUSED : unreachable[code ?? ""];
  if (reason !== undefined) {
    const host = address ?? hostname;
    const place = host === undefined ? "" : ` at ${host}${port === undefined ? "" : `:${port}`}`;
    return `the database${place} cannot be reached: ${reason}. Check DATABASE_URL, and that PostgreSQL runs`;
  }
  if (code === "ENOSPC" || code === "53100") return "the disk is full: make room, and run the command again";
  if ((code === "ENOENT" || code === "EACCES" || code === "EISDIR") && syscall !== undefined) {
    return (error as Error).message.replace(/^[A-Z]+: /, "");
  }
  return null;
}
