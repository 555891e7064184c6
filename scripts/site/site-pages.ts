import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadConnector, type UntypedOperations } from '../../src/index.ts';
import { tableText } from '../docs/catalog.ts';
import { definition } from '../docs/definition.ts';
import { headingAnchor } from '../docs/heading-anchor.ts';
import { repositoryUrl } from '../package-fields.ts';
import { repositoryRoot } from '../support/run-command.ts';
import { actionPage, type OperationSources, triggerPage } from './operation-page.ts';
import { copiedPages, pageOf, rewriteLinks } from './page-addresses.ts';

/** An entry of the navigation. */
export interface NavigationEntry {
  readonly text: string;
  /** The page, without `.md`. */
  readonly link: string;
}

/** A heading of the navigation with its entries. */
export interface NavigationGroup {
  readonly text: string;
  readonly items: readonly NavigationEntry[];
}

/** The content of the site: its pages by path, and the navigation over actions, triggers and tables. */
export interface SiteContent {
  readonly pages: ReadonlyMap<string, string>;
  readonly actions: readonly NavigationGroup[];
  readonly triggers: readonly NavigationGroup[];
  readonly tables: readonly NavigationEntry[];
  readonly decisions: readonly NavigationEntry[];
}

const sourceUrl = `${repositoryUrl}/blob/main`;

/** Makes all pages of the site: one for each action, trigger and table, and the documents of the repo. */
export async function siteContent(): Promise<SiteContent> {
  const connector = await loadConnector<UntypedOperations>();
  const sources: OperationSources = {
    definition,
    plan: (action, input) => connector.explainSteps(action, input),
    sourceUrl,
  };
  const actions = Object.values(definition.actions);
  const triggers = Object.values(definition.triggers);
  const tables = Object.values(definition.tables);
  const pages = new Map<string, string>();
  for (const action of actions) pages.set(`actions/${action.id}.md`, actionPage(action, sources));
  for (const trigger of triggers) pages.set(`triggers/${trigger.id}.md`, triggerPage(trigger, sources));
  for (const table of tables)
    pages.set(`tables/${table.name}.md`, tableText(table).replace('## Columns of', '# Columns of'));
  const content = {
    actions: navigationOf('actions', actions),
    triggers: navigationOf('triggers', triggers),
    tables: tables.map(({ name, title }) => ({ text: title, link: `tables/${name}` })),
    decisions: decisionFiles().map((file) => ({
      text: titleOf(read(file)),
      link: `decisions/${basename(file, '.md')}`,
    })),
  };
  pages.set('actions/index.md', listPage('Actions', content.actions));
  pages.set('triggers/index.md', listPage('Triggers', content.triggers));
  const catalogAnchors = new Map([
    ...[...actions.map(({ id }) => `actions/${id}.md`), ...triggers.map(({ id }) => `triggers/${id}.md`)].map(
      (page) => [headingAnchor(basename(page, '.md')), page] as const,
    ),
    ...tables.map(({ name }) => [`columns-of-${headingAnchor(name)}`, `tables/${name}.md`] as const),
  ]);
  for (const [page, text] of documentPages(catalogAnchors)) pages.set(page, text);
  return { pages, ...content };
}

/** The documents of the repo as pages: packages, guides, decisions, and the start from the README. */
function documentPages(catalogAnchors: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const guides = globSync('docs/*.md', { cwd: repositoryRoot }).filter((file) => file !== 'docs/catalog.md');
  const files = [...Object.keys(copiedPages), ...guides, ...decisionFiles()];
  const texts = new Map(files.map((file) => [file, read(file)]));
  texts.set('README.md', programText(read('README.md')));
  return new Map(
    [...texts].flatMap(([file, text]) => {
      const page = pageOf(file);
      if (page === undefined) return [];
      const body = rewriteLinks(text, { file, page, sourceUrl, catalogAnchors });
      return [[page, withoutComments(body)] as const];
    }),
  );
}

/** What the README says of a program, as a page. */
function programText(readme: string): string {
  const install = [
    '# In a program',
    '',
    '```sh',
    'npm install dynamics365-connector',
    '```',
    '',
    'Node.js 22.13 or newer.',
    '',
  ];
  return [
    ...install,
    ...['A program', 'The first real connection'].map((title) => section(readme, title)),
  ].join('\n');
}

function section(text: string, title: string): string {
  const start = text.indexOf(`## ${title}\n`);
  if (start < 0) throw new Error(`The README has no section "${title}".`);
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end < 0 ? undefined : end + 1);
}

/** Comments name the generator of a page; a fence may name the file that it shows, which the site would take as options. */
function withoutComments(text: string): string {
  return text.replace(/<!--.*?-->\n?/gs, '').replace(/^(```\w+) [\w./-]+$/gm, '$1');
}

function navigationOf(
  folder: string,
  operations: readonly { readonly id: string; readonly group: string }[],
): readonly NavigationGroup[] {
  const groups = [...new Set(operations.map(({ group }) => group))].sort();
  return groups.map((group) => ({
    text: group,
    items: operations
      .filter((operation) => operation.group === group)
      .map(({ id }) => ({ text: id, link: `${folder}/${id}` })),
  }));
}

function listPage(title: string, groups: readonly NavigationGroup[]): string {
  const lines = groups.flatMap(({ text, items }) => [
    `## ${text}`,
    '',
    items.map(({ text: id }) => `[${id}](./${id}.md)`).join(' · '),
    '',
  ]);
  return [`# ${title}`, '', ...lines].join('\n');
}

const decisionFiles = () => globSync('docs/decisions/*.md', { cwd: repositoryRoot }).sort();
const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8');
const titleOf = (text: string) => /^# (.+)$/m.exec(text)?.[1] ?? '';
