import { fillWords, wordsOf } from './family.ts';
import type { Sentence } from './operation.ts';
import type { GoodFile } from './read-files.ts';
import { findFacts } from './references.ts';
import type { OperationYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

/**
 * The sentences of all files of one kind: a file of its own is one, a family is one for each of its tables that
 * has no file of its own.
 */
export function sentencesOf<Yaml extends OperationYaml>(
  files: readonly GoodFile[],
  shop: Workshop,
): readonly Sentence<Yaml>[] {
  const own = files.filter(({ name }) => !name.startsWith('_.'));
  const ids = new Set(own.map(({ name }) => name));
  const families = files.filter(({ name }) => name.startsWith('_.'));
  return [
    ...own.map((file) => single<Yaml>(file)),
    ...families.flatMap((file) => members<Yaml>(file, shop).filter(({ id }) => !ids.has(id))),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function single<Yaml extends OperationYaml>({ name, site }: GoodFile): Sentence<Yaml> {
  const yaml = site.source.data as unknown as Yaml;
  if (yaml.for !== undefined) {
    const fix = 'leave it out, or name the file _.<verb>.yaml';
    site.at('for').error('M117', 'only a family speaks for several tables', { key: true, fix });
  }
  lintTests(yaml, site);
  return { id: name, yaml, site };
}

/** A sentence without a test is a guess; a family’s test must speak of one of its tables. */
function lintTests({ for: tables, tests }: OperationYaml, site: Site): void {
  if (tests === undefined) {
    site
      .at('title')
      .warning('M119', 'there is no test', { key: true, fix: 'add tests: what is sent, what comes back' });
  }
  for (const [index, { table }] of (tests ?? []).entries()) {
    if (table === undefined || tables === undefined || tables.includes(table)) continue;
    site.at('tests', index, 'table').error('M113', `the family is not for "${table}"`, {
      fix: `add it to for, or choose: ${tables.join(', ')}`,
    });
  }
}

function members<Yaml extends OperationYaml>(
  { name, site }: GoodFile,
  shop: Workshop,
): readonly Sentence<Yaml>[] {
  const family = site.source.data as unknown as Yaml;
  if (family.for === undefined) {
    const fix = 'add for: [account, contact]';
    site.error('M117', 'a family must say which tables it is for', { key: true, fix });
    return [];
  }
  lintTests(family, site);
  return family.for.flatMap((table, index) => {
    const facts = findFacts(table, site.at('for', index), shop);
    if (facts === undefined) return [];
    const yaml = fillWords(site.source.data, wordsOf(table, facts), site) as unknown as Yaml;
    return [{ id: `${table}${name.slice(1)}`, yaml, site, table }];
  });
}
