import { writeDefinition } from '../../scripts/write-definition.ts';

/** The program that `own-build.ts` starts, with the folder to write to. */
await writeDefinition(process.argv[2] ?? '');
