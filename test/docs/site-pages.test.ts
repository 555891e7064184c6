import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { definition } from '../../scripts/docs/definition.ts';
import { type SiteContent, siteContent } from '../../scripts/site/site-pages.ts';
import { repositoryRoot } from '../../scripts/support/run-command.ts';

describe('the pages of the documentation site', () => {
  let content: SiteContent;
  before(async () => {
    content = await siteContent();
  });

  it('has a page for each action, trigger and table, and each page is in the navigation', () => {
    const { pages, actions, triggers, tables } = content;
    const expected = [
      ...Object.keys(definition.actions).map((id) => `actions/${id}`),
      ...Object.keys(definition.triggers).map((id) => `triggers/${id}`),
      ...Object.keys(definition.tables).map((name) => `tables/${name}`),
    ];
    const linked = [...[...actions, ...triggers].flatMap(({ items }) => items), ...tables].map(
      ({ link }) => link,
    );
    expect([...linked].sort()).to.deep.equal([...expected].sort());
    for (const link of linked) expect(pages.has(`${link}.md`), link).to.equal(true);
  });

  it('names each guide, reference and way to start in the sidebar', () => {
    const config = readFileSync(join(repositoryRoot, 'site/.vitepress/config.ts'), 'utf8');
    const unlisted = [...content.pages.keys()]
      .filter((page) => /^(start|guides|reference)\//.test(page) && !page.endsWith('/index.md'))
      .filter((page) => !config.includes(`link: '/${page.replace(/\.md$/, '')}'`));
    expect(unlisted).to.deep.equal([]);
  });

  it('shows the exact request and calls to copy', () => {
    const page = content.pages.get('actions/case.resolve.md') ?? '';
    expect(page).to.include('POST https://yourorg.crm.dynamics.com/api/data/v9.2/CloseIncident');
    for (const way of ['TypeScript', 'Command line', 'REST']) expect(page).to.include(`[${way}]`);
  });

  it('has no link to a page that is not there', () => {
    const { pages } = content;
    const written = ['index.md', 'start/index.md', 'start/power-platform.md'];
    const broken = [...pages].flatMap(([page, text]) =>
      [...text.matchAll(/\]\((\.[^)#\s]+\.md)[^)]*\)/g)]
        .map(([, link = '']) => posix.join(posix.dirname(page), link))
        .filter((target) => !pages.has(target) && !written.includes(target))
        .map((target) => `${page} -> ${target}`),
    );
    expect(broken).to.deep.equal([]);
  });
});
