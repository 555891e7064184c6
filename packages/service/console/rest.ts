import { useCallback, useEffect, useState } from 'preact/hooks';

/** What the service answers when it refuses a request (RFC 9457). */
export interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly advice: string;
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Sends a request to the service. The session of the console is in a cookie. */
export async function send<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
  }).catch(() => {
    throw new ProblemError(unreachable);
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  if (!response.ok) throw new ProblemError(isJson ? (JSON.parse(text) as Problem) : locked);
  return (isJson ? JSON.parse(text) : undefined) as T;
}

/** `/v1/subscriptions/${part(id)}` */
export const part = (text: string) => encodeURIComponent(text);

export const unreachable: Problem = {
  title: 'The console does not answer',
  detail: 'The console does not answer.',
  code: 'UNREACHABLE',
  advice: 'Start it again: d365 console. This page then continues after its new link is opened.',
};

const locked: Problem = {
  title: 'The session has ended',
  detail: 'The console was started again, or this page is open for more than 12 hours.',
  code: 'LOCKED',
  advice: 'Press Enter where d365 console runs, and open the link that it prints.',
};

export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { title: 'The page failed', detail: String(error), code: 'PAGE', advice: 'Load the page again.' };
}

/** What a page reads. The last data stays while it is read again, and when that fails. */
export interface Resource<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  reload(): void;
}

/** Reads a path of the service now, when the path changes, and every so often while the page is visible. */
export function useResource<T>(path: string | undefined, everyMs?: number): Resource<T> {
  const [state, setState] = useState<{ path?: string; data?: T; problem?: Problem }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    let isCurrent = true;
    send<T>('GET', path)
      .then((data) => isCurrent && setState({ path, data }))
      .catch((error) => {
        if (!isCurrent) return;
        setState((last) => ({ ...(last.path === path ? last : { path }), problem: toProblem(error) }));
      });
    return () => {
      isCurrent = false;
    };
  }, [path, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  useEvery(everyMs, reload);
  const { data, problem } = state.path === path ? state : {};
  return { data, problem, reload };
}

/** Calls a function every so often while the page is visible. */
export function useEvery(everyMs: number | undefined, work: () => void): void {
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => document.hidden || work(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, work]);
}
