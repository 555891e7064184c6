import type { ProcessSettings } from 'dynamics365-connector/node';

/**
 * Settings that keep the resident memory of a worker small. Without the flags, V8 lets the young generation grow to more
 * than 100 MB while many polls run, and the old one to several times of what is in use, and keeps more compiled code. The
 * variables limit the memory pools of the C library, and let it return what is free. They can only be set when the process
 * starts: `MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=65536 node --max-semi-space-size=2 --heap-growing-percent=25
 * --optimize-for-size worker.js`.
 */
export const workerProcessSettings: ProcessSettings = {
  flags: ['--max-semi-space-size=2', '--heap-growing-percent=25', '--optimize-for-size'],
  env: { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '65536' },
};
