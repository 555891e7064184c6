import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { path } from './location.ts';
import type { Problem } from './rest.ts';

interface PageProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Beside the title. */
  readonly actions?: ComponentChildren;
}

/** A page with its title, which gets the focus when the address changes: a screen reader reads where it is. */
export function Page({ title, children, actions }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const here = path.value;
  useEffect(() => heading.current?.focus({ preventScroll: true }), [here]);
  useEffect(() => {
    document.title = `${title} · d365 console`;
  }, [title]);
  return (
    <main id="content">
      <div class="title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions}
      </div>
      {children}
    </main>
  );
}

/** What is wrong, and the next step. */
export function ProblemBox({ problem }: { readonly problem: Problem | undefined }) {
  if (problem === undefined) return null;
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{problem.code}</strong> {problem.detail}
      </p>
      <p>{problem.advice}</p>
      {problem.issues !== undefined && (
        <ul>
          {problem.issues.map(({ path: place, message }) => (
            <li key={`${place} ${message}`}>
              <code>{place || '/'}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The heads of the columns of a table. */
export function TableHead({ names }: { readonly names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** A text as it is: a request, an answer, a program. Long ones scroll, also by keyboard. */
export function CodeBlock({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div class="code" role="group" tabIndex={0} aria-label={label}>
      <pre>{children}</pre>
    </div>
  );
}

/** JSON, indented. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    <CodeBlock label={label}>
      {typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)}
    </CodeBlock>
  );
}

/** A duration for people: `1.2 s`, `3 min`. */
export function formatDuration(ms: number): string {
  const abs = Math.abs(ms);
  if (abs < 1000) return `${Math.round(ms)} ms`;
  if (abs < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (abs < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return abs < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
}
