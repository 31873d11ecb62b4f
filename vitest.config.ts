import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/browser/**', 'test/bench/**'],
          maxWorkers: '100%', // by default one processor is left idle, which is half of a small machine
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/browser/**/*.test.ts'],
          maxWorkers: 2, // much of their time they wait for programs to start and to be killed
          sequence: { groupOrder: 1 }, // after the unit tests, with the machine to themselves
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
