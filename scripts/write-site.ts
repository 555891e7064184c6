/** Writes the pages of the documentation site into site/content, from docs/ and the YAML files: `npm run docs:site`. */
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { llmsText } from './site/llms-text.ts';
import { siteContent } from './site/site-pages.ts';
import { repositoryRoot } from './support/run-command.ts';

const folder = join(repositoryRoot, 'site/content');
rmSync(folder, { recursive: true, force: true });
cpSync(join(repositoryRoot, 'site/pages'), folder, { recursive: true });
cpSync(join(repositoryRoot, 'docs/pictures'), join(folder, 'pictures'), { recursive: true });
const { pages, ...navigation } = await siteContent();
for (const [page, text] of pages) {
  const file = join(folder, page);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
writeFileSync(join(folder, 'navigation.json'), JSON.stringify(navigation));
mkdirSync(join(folder, 'public'), { recursive: true });
writeFileSync(join(folder, 'public/llms.txt'), llmsText(navigation, pages));
console.log(`${globSync('**/*.md', { cwd: folder }).length} pages in site/content`);
