import type { Plugin } from 'esbuild';

/** Bundles a module (path from the root of the checkout) into one file that Node runs; gives its absolute path. */
export function bundle(entry: string, plugins?: readonly Plugin[]): Promise<string>;

/** The same, imported. */
export function load<T>(entry: string, plugins?: readonly Plugin[]): Promise<T>;
