// What a key may do. Each scope includes the ones before it.

export const keyScopes = ["read", "write", "admin"] as const;

export type KeyScope = (typeof keyScopes)[number];

/** Whether a key of scope `held` may do what needs scope `needed`. */
export function allows(held: KeyScope, needed: KeyScope): boolean {
  return keyScopes.indexOf(held) >= keyScopes.indexOf(needed);
}
