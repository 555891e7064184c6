import { posix } from 'node:path';

/** Where the pages of the site come from: the file of the repo, and the page. */
export const copiedPages: Readonly<Record<string, string>> = {
  'packages/n8n/README.md': 'start/n8n.md',
  'packages/node-red/README.md': 'start/node-red.md',
  'packages/activepieces/README.md': 'start/activepieces.md',
  'packages/mcp/README.md': 'start/mcp.md',
  'packages/cli/README.md': 'start/command-line.md',
  'examples/README.md': 'start/examples.md',
  'docs/extend.md': 'guides/extend.md',
  'docs/manifest.md': 'reference/manifest.md',
  'docs/errors.md': 'reference/errors.md',
  'docs/diagnostics.md': 'reference/diagnostics.md',
  'docs/query-check.md': 'reference/query-check.md',
};

/** The page of a file of the repo: a copied one, a guide or a decision; undefined for other files. */
export function pageOf(file: string): string | undefined {
  const copied = copiedPages[file];
  if (copied !== undefined) return copied;
  if (file === 'docs/catalog.md') return 'actions/index.md';
  if (file === 'README.md') return 'start/program.md';
  const [, decision] = /^docs\/decisions\/(.+\.md)$/.exec(file) ?? [];
  if (decision !== undefined) return `decisions/${decision}`;
  const [, guide] = /^docs\/([\w-]+\.md)$/.exec(file) ?? [];
  return guide === undefined ? undefined : `guides/${guide}`;
}

export interface LinkContext {
  /** The file of the repo that the text comes from. */
  readonly file: string;
  /** The page that it becomes. */
  readonly page: string;
  /** Where other files of the repo are shown. */
  readonly sourceUrl: string;
  /** The pages of operations and tables, by their anchors in docs/catalog.md. */
  readonly catalogAnchors: ReadonlyMap<string, string>;
}

/** Rewrites the links of a text to other files of the repo: to their pages, or to where their source is shown. */
export function rewriteLinks(text: string, context: LinkContext): string {
  return text.replace(
    /(\]\()(?!https?:|mailto:|#)([^)#\s]+)?(#[^)\s]*)?(\))/g,
    (_, open, path, anchor, close) => {
      return `${open}${newLink(path ?? '', anchor ?? '', context)}${close}`;
    },
  );
}

function newLink(path: string, anchor: string, context: LinkContext): string {
  const { file, page, sourceUrl, catalogAnchors } = context;
  const target = posix.normalize(posix.join(posix.dirname(file), path));
  const relative = (other: string) => {
    const link = posix.relative(posix.dirname(page), other);
    return link.startsWith('.') ? link : `./${link}`;
  };
  if (target.startsWith('docs/pictures/')) return relative(`pictures/${posix.basename(target)}`);
  const ofCatalog = target === 'docs/catalog.md' ? catalogAnchors.get(anchor.slice(1)) : undefined;
  if (ofCatalog !== undefined) return relative(ofCatalog);
  const other = pageOf(target);
  return other === undefined ? `${sourceUrl}/${target}${anchor}` : `${relative(other)}${anchor}`;
}
