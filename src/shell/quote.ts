/** One word for bash and zsh, whatever is in it. */
export function quotePosix(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One word for fish, where a backslash counts between single quotes too. */
export function quoteFish(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
