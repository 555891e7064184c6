import type { ProcessSettings } from 'dynamics365-connector/node';

/**
 * Settings that keep the resident memory of a worker small. Without the flags, V8 lets the young generation grow to more
 * than 100 MB while many polls run, and the old one to several times of what is in use. The variable limits the memory
 * pools of the C library. They can only be set when the process starts:
 * `MALLOC_ARENA_MAX=2 node --max-semi-space-size=2 --heap-growing-percent=25 worker.js`.
 */
export const workerProcessSettings: ProcessSettings = {
  flags: ['--max-semi-space-size=2', '--heap-growing-percent=25'],
  env: { MALLOC_ARENA_MAX: '2' },
};
