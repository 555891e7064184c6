import { cataloguePage } from './catalogue.ts';
import { errorsPage } from './errors.ts';
import { withExamples } from './examples.ts';
import { definition } from './manifest.ts';
import { operationTypes } from './operations.ts';

/** Every generated page, and every page that shows files of the repo: path from the root of the repo -> text. */
export function pages(): Readonly<Record<string, string>> {
  return {
    'docs/catalogue.md': cataloguePage(definition),
    'docs/connections.md': withExamples('docs/connections.md'),
    'docs/errors.md': errorsPage(),
    'docs/hosts.md': withExamples('docs/hosts.md'),
    'src/generated/operations.ts': operationTypes(),
  };
}
