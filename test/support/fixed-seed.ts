import fc from 'fast-check';

/**
 * Property tests generate the same values in each run, so a run that passes here passes everywhere. `SEED=<number>`
 * chooses other values; `SEED=random` chooses new ones in each run, and a failure prints its seed.
 */
const seed = process.env.SEED ?? '20261201';
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
