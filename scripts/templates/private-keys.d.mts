/** Attributes in which the CLIs send who the user is, and what was said. */
export const identityKeys: readonly string[];
export const contentKeys: readonly string[];
