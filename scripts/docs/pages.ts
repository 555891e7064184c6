import { cataloguePage } from './catalogue.ts';
import { errorsPage } from './errors.ts';
import { definition } from './manifest.ts';
import { operationTypes } from './operations.ts';

/** Every generated page: path from the root of the repo -> text. */
export function pages(): Readonly<Record<string, string>> {
  return {
    'docs/catalogue.md': cataloguePage(definition),
    'docs/errors.md': errorsPage(),
    'types/operations.d.ts': operationTypes(),
  };
}
