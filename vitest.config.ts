import { defineConfig } from 'vitest/config';

/** Each part of the suite is a project, so that `vitest --project unit` runs alone; see CONTRIBUTING.md. */
const fast = { pool: 'threads', isolate: false } as const;

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...fast } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], ...fast } },
      {
        test: {
          name: 'property',
          include: ['test/property/**/*.test.ts'],
          testTimeout: 60_000,
          ...fast,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 180_000,
          hookTimeout: 900_000,
          globalSetup: ['test/support/clis-setup.ts'],
        },
      },
      {
        test: {
          name: 'backends',
          include: ['test/backends/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 60_000,
          globalSetup: ['test/support/backends-setup.ts'],
        },
      },
    ],
  },
});
