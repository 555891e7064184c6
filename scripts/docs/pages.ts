import { errorsPage } from './errors.ts';
import { operationTypes } from './operations.ts';

/** Every generated page: path from the root of the repo -> text. */
export function pages(): Readonly<Record<string, string>> {
  return { 'docs/errors.md': errorsPage(), 'types/operations.d.ts': operationTypes() };
}
