// The kinds of file that can be imported, in the order in which a fresh workspace needs them.

export const importKinds = ["catalog", "accounts", "contract-lines", "movements", "rates", "usage"] as const;

export type ImportKind = (typeof importKinds)[number];
