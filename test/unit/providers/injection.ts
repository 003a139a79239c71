import type { InjectionContext } from '../../../src/providers/provider.ts';

export interface Files {
  [path: string]: string;
}

/** What a provider is given to inject with; files it writes are kept in `written`. */
export function contextOf(
  change: Partial<Omit<InjectionContext, 'readFile' | 'listFolder' | 'writePrivate'>> = {},
  files: Files = {},
) {
  const written: Files = {};
  const context: InjectionContext = {
    endpoint: 'http://127.0.0.1:4242/s3cret',
    origin: 'http://127.0.0.1:4242',
    secretHeader: { name: 'x-ai-trace-token', value: 's3cret' },
    grpcEndpoint: async () => 'http://127.0.0.1:4343',
    args: [],
    content: false,
    env: {},
    home: '/home/u',
    cwd: '/work',
    platform: 'linux',
    listFolder: (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    readFile: (path) => files[path],
    writePrivate: (name, text) => {
      written[name] = text;
      return `/run/private/${name}`;
    },
    ...change,
  };
  return { context, written };
}
