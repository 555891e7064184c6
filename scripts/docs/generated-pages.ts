import { catalogPage } from './catalog.ts';
import { definition } from './definition.ts';
import { errorsPage } from './errors-page.ts';
import { withExamples } from './examples.ts';
import { operationTypes } from './operation-types.ts';
import { servicePage } from './service-page.ts';

/** The texts of all generated pages, and of all pages that include files of the repo, by path. */
export function generatedPages(): Readonly<Record<string, string>> {
  return {
    'README.md': withExamples('README.md'),
    'docs/catalog.md': catalogPage(definition),
    'docs/connections.md': withExamples('docs/connections.md'),
    'docs/errors.md': errorsPage(),
    'docs/hosts.md': withExamples('docs/hosts.md'),
    'docs/service.md': servicePage(),
    'src/generated/operations.ts': operationTypes(),
  };
}
