import { computed, signal } from '@preact/signals';

/** The address of the page below `/console`. Everything that a page shows follows from it, so it can be sent and kept. */
const address = signal(readAddress());

function readAddress(): URL {
  return new URL(window.location.href);
}

/** `/subscriptions/sub_1` */
export const path = computed(() => address.value.pathname.replace(/^\/console/, '') || '/');

export const query = computed(() => address.value.searchParams);

/** Goes to another page: `/subscriptions?state=failing`. */
export function navigate(to: string): void {
  history.pushState(undefined, '', `/console${to}`);
  address.value = readAddress();
}

/** Changes one parameter of the address. An empty value removes it. The entry in the history stays the same one. */
export function setQuery(name: string, value: string): void {
  const next = readAddress();
  if (value === '') next.searchParams.delete(name);
  else next.searchParams.set(name, value);
  history.replaceState(undefined, '', next);
  address.value = next;
}

window.addEventListener('popstate', () => {
  address.value = readAddress();
});

/** Links between pages do not load the program again. Other clicks, such as one that opens a new tab, stay as they are. */
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.origin !== window.location.origin) return;
  if (!link.pathname.startsWith('/console') || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(`${link.pathname.replace(/^\/console/, '')}${link.search}`);
});

/**
 * The parts of a path that matches a pattern, decoded; undefined if it does not match.
 *
 * @example matchPath('/subscriptions/:id', '/subscriptions/sub_1') // { id: 'sub_1' }
 */
export function matchPath(pattern: string, actual: string): Readonly<Record<string, string>> | undefined {
  const [parts, segments] = [pattern.split('/'), actual.replace(/(.)\/$/, '$1').split('/')];
  if (parts.length !== segments.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = decodeURIComponent(segments[index] ?? '');
    if (part.startsWith(':')) found[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return found;
}
