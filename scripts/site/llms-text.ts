import type { NavigationGroup, SiteContent } from './site-pages.ts';

/**
 * The text of llms.txt (https://llmstxt.org): what the site has, for language models.
 *
 * @param pages the texts by path, for the titles of the documents
 */
export function llmsText(
  { actions, triggers }: Pick<SiteContent, 'actions' | 'triggers'>,
  pages: ReadonlyMap<string, string>,
): string {
  const documents = [...pages].filter(([page]) => /^(start|guides|reference)\//.test(page));
  return [
    '# dynamics365-connector',
    '',
    '> Actions and polling triggers for Microsoft Dynamics 365 Customer Service (the Dataverse Web API), written in YAML: for programs, n8n, Node-RED, AI clients (MCP), REST and the command line.',
    '',
    '## Documents',
    '',
    ...documents.map(([page, text]) => `- [${/^# (.+)$/m.exec(text)?.[1] ?? page}](/${addressOf(page)})`),
    '',
    ...listLines('Actions', actions, pages),
    ...listLines('Triggers', triggers, pages),
  ].join('\n');
}

function listLines(
  title: string,
  groups: readonly NavigationGroup[],
  pages: ReadonlyMap<string, string>,
): readonly string[] {
  const lines = groups.flatMap(({ items }) =>
    items.map(({ text, link }) => {
      const [, description] = /^\*\*(.+?)\.\*\*/m.exec(pages.get(`${link}.md`) ?? '') ?? [];
      return `- [${text}](/${link}.html)${description === undefined ? '' : `: ${description}`}`;
    }),
  );
  return [`## ${title}`, '', ...lines, ''];
}

const addressOf = (page: string) => page.replace(/\.md$/, '.html');
