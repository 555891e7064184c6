import { path } from '../location.ts';
import { part } from '../rest.ts';

/** The pages of one sandbox. */
export function SandboxLinks({ connection }: { readonly connection: string }) {
  const base = `/sandbox/${part(connection)}`;
  const links = [
    ['Tables', base],
    ['Requests', `${base}/requests`],
    ['Faults and clock', `${base}/faults`],
  ] as const;
  return (
    <nav class="inner" aria-label={`Sandbox ${connection}`}>
      {links.map(([name, to]) => (
        <a key={to} href={`/console${to}`} aria-current={path.value === to ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
