import type { ComponentType } from 'preact';
import type { PageParameters } from './page-parameters.ts';

interface Route {
  readonly pattern: string;
  /** The program of the page, which is loaded when it is first opened. */
  readonly load: () => Promise<{ readonly default: ComponentType<{ parameters: PageParameters }> }>;
}

/** All pages. */
export const routes: readonly Route[] = [
  { pattern: '/connections', load: () => import('./operate/connections.tsx') },
  { pattern: '/subscriptions', load: () => import('./operate/subscriptions.tsx') },
  { pattern: '/subscriptions/new', load: () => import('./operate/new-subscription.tsx') },
  { pattern: '/subscriptions/:id', load: () => import('./operate/subscription-page.tsx') },
  { pattern: '/mirror', load: () => import('./operate/mirror.tsx') },
  { pattern: '/author', load: () => import('./author/catalog.tsx') },
  { pattern: '/author/new', load: () => import('./author/new-file.tsx') },
  { pattern: '/author/files/:file', load: () => import('./author/file-page.tsx') },
  { pattern: '/author/operations/:id', load: () => import('./author/operation-page.tsx') },
  { pattern: '/sandbox', load: () => import('./sandbox/sandboxes.tsx') },
  { pattern: '/sandbox/:connection', load: () => import('./sandbox/tables.tsx') },
  { pattern: '/sandbox/:connection/requests', load: () => import('./sandbox/requests.tsx') },
  { pattern: '/sandbox/:connection/faults', load: () => import('./sandbox/faults.tsx') },
  { pattern: '/sandbox/:connection/rows/:table', load: () => import('./sandbox/rows.tsx') },
  { pattern: '/sandbox/:connection/rows/:table/:id', load: () => import('./sandbox/row-page.tsx') },
];
