import { writeTypes } from '../../src/engine/types/write-types.ts';
import { definition } from './manifest.ts';

/** `types/operations.d.ts`: the types of our own actions and triggers, as `d365 types` writes them. */
export function operationTypes(): string {
  return writeTypes({ definition });
}
