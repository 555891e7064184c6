import { createFindProxy, targetOf } from './find-proxy.ts';

/** Whether a request to this URL goes through a proxy of the environment (HTTPS_PROXY, NO_PROXY). */
export function usesProxy(url: string, env: Readonly<Record<string, string | undefined>>): boolean {
  return createFindProxy(env)(targetOf(new URL(url))) !== undefined;
}
