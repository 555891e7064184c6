import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { withMermaid } from 'vitepress-plugin-mermaid';
import type { SiteContent } from '../../scripts/site/site-pages.ts';

/** Written by scripts/write-site.ts next to the pages. */
const { actions, triggers, tables, decisions } = JSON.parse(
  readFileSync(new URL('../content/navigation.json', import.meta.url), 'utf8'),
) as Omit<SiteContent, 'pages'>;

const absolute = ({ text, link }: { text: string; link: string }) => ({ text, link: `/${link}` });
const listed = (groups: SiteContent['actions']) =>
  groups.map(({ text, items }) => ({ text, items: items.map(absolute) }));

const documents = [
  {
    text: 'Get started',
    items: [
      { text: 'Choose a way', link: '/start/' },
      { text: 'In a program', link: '/start/program' },
      { text: 'n8n', link: '/start/n8n' },
      { text: 'Node-RED', link: '/start/node-red' },
      { text: 'Activepieces', link: '/start/activepieces' },
      { text: 'AI clients (MCP)', link: '/start/mcp' },
      { text: 'Any platform (REST)', link: '/guides/service' },
      { text: 'Power Platform', link: '/start/power-platform' },
      { text: 'Command line', link: '/start/command-line' },
      { text: 'Examples', link: '/start/examples' },
    ],
  },
  {
    text: 'Guides',
    items: [
      { text: 'Connections', link: '/guides/connections' },
      { text: 'Your own YAML', link: '/guides/extend' },
      { text: 'The worker', link: '/guides/worker' },
      { text: 'Instant triggers', link: '/guides/push' },
      { text: 'The mirror', link: '/guides/mirror' },
      { text: 'Security roles', link: '/guides/roles' },
      { text: 'Personal data', link: '/guides/personal-data' },
      { text: 'The local sandbox', link: '/guides/sandbox' },
      { text: 'Telemetry', link: '/guides/telemetry' },
      { text: 'Hosts of your own', link: '/guides/hosts' },
      { text: 'Architecture', link: '/guides/architecture' },
      { text: 'Performance', link: '/guides/performance' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'The manifest', link: '/reference/manifest' },
      { text: 'Error codes', link: '/reference/errors' },
      { text: 'Diagnostics of YAML', link: '/reference/diagnostics' },
      { text: 'Query check', link: '/reference/query-check' },
      { text: 'API', link: '/api/' },
    ],
  },
  { text: 'Tables', items: tables.map(absolute) },
  { text: 'Decisions', items: decisions.map(absolute) },
];

/** How much more a page counts in the search than others: what newcomers look for comes first. Runs in the browser. */
function boostDocument(id: string): number {
  if (/\/start\/(?!command-line)/.test(id)) return 5;
  if (/\/guides\/(connections|extend|worker|mirror|service)/.test(id)) return 2.5;
  // The table of codes: who searches for a code has an error in hand, and guides only mention it.
  if (/\/reference\/errors\.html#errors$/.test(id)) return 4;
  // "create a case": the pages of hosts have such an example, too.
  if (/\/(actions|triggers)\/[\w-]+\.[\w-]+\.html/.test(id)) return 3;
  if (/\/reference\//.test(id)) return 2;
  return /\/tables\//.test(id) ? 0.5 : 1;
}

/** Leaves out words that are in all pages. They would match as beginnings of others: "a" of "account". Runs in the browser. */
function processTerm(term: string): string | null {
  const word = term.toLowerCase();
  const isFrequent =
    /^(a|an|and|are|as|at|be|by|can|do|does|for|from|how|i|if|in|into|is|it|me|my|of|on|or|our|the|this|to|use|via|we|what|when|where|which|with|why|you|your)$/;
  return isFrequent.test(word) ? null : word;
}

export default withMermaid(
  defineConfig({
    lang: 'en-US',
    title: 'dynamics365-connector',
    description: 'Microsoft Dynamics 365 Customer Service in programs, n8n, Node-RED, AI clients and REST.',
    srcDir: 'content',
    outDir: '.vitepress/dist',
    cleanUrls: false,
    markdown: {
      // The default colors of code are too faint for WCAG AA.
      theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
      config: (markdown) => {
        markdown.set({ html: false });
        // `{{input.id}}` is shown as it is written; Vue would evaluate it.
        for (const kind of ['text', 'code_inline'] as const) {
          const render = markdown.renderer.rules[kind];
          markdown.renderer.rules[kind] = (...args) =>
            (render?.(...args) ?? '').replaceAll('{{', '&#123;&#123;');
        }
      },
    },
    themeConfig: {
      nav: [
        { text: 'Get started', link: '/start/' },
        { text: 'Actions', link: '/actions/' },
        { text: 'Triggers', link: '/triggers/' },
        { text: 'API', link: '/api/' },
      ],
      sidebar: {
        '/actions/': [{ text: 'Actions', link: '/actions/' }, ...listed(actions)],
        '/triggers/': [{ text: 'Triggers', link: '/triggers/' }, ...listed(triggers)],
        '/': documents,
      },
      outline: [2, 3],
      search: {
        provider: 'local',
        options: {
          // The API and decisions would drown the guides.
          _render: (source, env, markdown) =>
            /^(api|decisions)\//.test(env.relativePath) ? '' : markdown.render(source, env),
          miniSearch: {
            searchOptions: {
              fuzzy: 0.2,
              prefix: true,
              boost: { title: 6, text: 2, titles: 1 },
              boostDocument,
              processTerm,
            },
          },
        },
      },
    },
  }),
);
