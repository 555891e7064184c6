import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { withMermaid } from 'vitepress-plugin-mermaid';
import type { SiteContent } from '../../scripts/site/site-pages.ts';

/** Written by scripts/write-site.ts next to the pages. */
const { actions, triggers, tables, decisions } = JSON.parse(
  readFileSync(new URL('../content/navigation.json', import.meta.url), 'utf8'),
) as Omit<SiteContent, 'pages'>;

const absolute = ({ text, link }: { text: string; link: string }) => ({ text, link: `/${link}` });
const folded = (groups: SiteContent['actions']) =>
  groups.map(({ text, items }) => ({ text, collapsed: true, items: items.map(absolute) }));

const documents = [
  {
    text: 'Get started',
    items: [
      { text: 'Choose a way', link: '/start/' },
      { text: 'In a program', link: '/start/program' },
      { text: 'n8n', link: '/start/n8n' },
      { text: 'Node-RED', link: '/start/node-red' },
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
  { text: 'Tables', collapsed: true, items: tables.map(absolute) },
  { text: 'Decisions', collapsed: true, items: decisions.map(absolute) },
];

export default withMermaid(
  defineConfig({
    lang: 'en-US',
    title: 'dynamics365-connector',
    description: 'Microsoft Dynamics 365 Customer Service in programs, n8n, Node-RED, AI clients and REST.',
    srcDir: 'content',
    outDir: '.vitepress/dist',
    cleanUrls: false,
    // Texts show `{{input.id}}` as it is written; Vue would take it as an expression of its own.
    vue: { template: { compilerOptions: { delimiters: ['\u0001[', ']\u0001'] } } },
    markdown: {
      // The default colors of code are too faint for WCAG AA.
      theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
      config: (markdown) => void markdown.set({ html: false }),
    },
    themeConfig: {
      nav: [
        { text: 'Get started', link: '/start/' },
        { text: 'Actions', link: '/actions/' },
        { text: 'Triggers', link: '/triggers/' },
        { text: 'API', link: '/api/' },
      ],
      sidebar: {
        '/actions/': [{ text: 'Actions', link: '/actions/' }, ...folded(actions)],
        '/triggers/': [{ text: 'Triggers', link: '/triggers/' }, ...folded(triggers)],
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
              boostDocument: (id: string) =>
                /\/(start|guides)\//.test(id) ? 2 : /\/tables\//.test(id) ? 0.5 : 1,
            },
          },
        },
      },
    },
  }),
);
