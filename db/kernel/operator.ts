// What goes wrong around the product, not in a question to it: no Postgres, a wrong role, a newer schema, a directory in use.

/** A usual failure of setting up or running. Its message is one line that says what is wrong and what to do; no stack is shown. */
export class OperatorError extends Error {
  override readonly name: string = "OperatorError";
}
