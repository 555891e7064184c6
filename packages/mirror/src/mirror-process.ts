import type { ProcessSettings } from 'dynamics365-connector/node';

/**
 * Settings that keep the resident memory of a mirror small. A mirror holds two pages of rows, but without the flags V8 lets
 * its heap grow by more than 100 MB before it is collected. Smaller sizes cost a third more processor time. They can only
 * be set when the process starts: `MALLOC_ARENA_MAX=2 node --max-semi-space-size=8 --heap-growing-percent=50 mirror.js`.
 */
export const mirrorProcessSettings: ProcessSettings = {
  flags: ['--max-semi-space-size=8', '--heap-growing-percent=50'],
  env: { MALLOC_ARENA_MAX: '2' },
};
