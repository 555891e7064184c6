import type { Service } from '../../src/index.ts';

/** Opens the console of a service as a browser does, and returns the cookie of the session. */
export async function openSession(service: Service): Promise<string> {
  const response = await fetch(service.createConsoleLink() ?? '', { redirect: 'manual' });
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}
